import { crc32 } from 'node:zlib'

/** How every API key begins, so that secret scanners and readers know it for one. */
export const KEY_PREFIX = 'maat_sk_'

/** Fills and returns as many unpredictable bytes as asked for. */
export type RandomBytes = (size: number) => Uint8Array

export type ParsedKey = { readonly kind: 'key' } | { readonly kind: 'malformed' }

/** A new API key, 46 characters: prefix, 32 random base62 digits (190 bits), 6 digits of CRC-32 over both. */
export function formatKey(randomBytes: RandomBytes): string {
  const body = KEY_PREFIX + randomDigits(SECRET_LENGTH, randomBytes)
  return body + checksum(body)
}

/** Whether the text has the form of a key and an intact checksum. Says nothing of whether such a key was ever issued. */
export function parseKey(text: string): ParsedKey {
  if (!WHOLE_KEY.test(text)) return MALFORMED
  return text.endsWith(checksum(text.slice(0, -CHECKSUM_LENGTH))) ? KEY : MALFORMED
}

const SECRET_LENGTH = 32
const CHECKSUM_LENGTH = 6
const WHOLE_KEY = new RegExp(`^${KEY_PREFIX}[0-9A-Za-z]{${SECRET_LENGTH + CHECKSUM_LENGTH}}$`)
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const KEY: ParsedKey = Object.freeze({ kind: 'key' })
const MALFORMED: ParsedKey = Object.freeze({ kind: 'malformed' })

function randomDigits(length: number, randomBytes: RandomBytes): string {
  // 256 is no multiple of 62: bytes above the last whole one would favour the first digits, so they are thrown away.
  const limit = 256 - (256 % DIGITS.length)
  let digits = ''
  while (digits.length < length) {
    for (const byte of randomBytes(length - digits.length)) {
      if (byte < limit) digits += DIGITS.charAt(byte % DIGITS.length)
    }
  }
  return digits
}

function checksum(text: string): string {
  let rest = crc32(text)
  let digits = ''
  for (let place = 0; place < CHECKSUM_LENGTH; place += 1) {
    digits = DIGITS.charAt(rest % DIGITS.length) + digits
    rest = Math.floor(rest / DIGITS.length)
  }
  return digits
}
