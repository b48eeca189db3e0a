import { crc32 } from 'node:zlib'

/** Finds an API key in any text: for secret scanners and log filters. */
export const KEY_PATTERN = /maat_sk_[0-9A-Za-z]{38}/

/** Fills and returns as many unpredictable bytes as asked for. */
export type RandomBytes = (size: number) => Uint8Array

export type ParsedKey = { readonly kind: 'key' } | { readonly kind: 'malformed' }

/** A new API key, 46 characters: prefix, 32 random base62 digits (190 bits), 6 digits of CRC-32 over both. */
export function formatKey(randomBytes: RandomBytes): string {
  const body = PREFIX + randomDigits(SECRET_LENGTH, randomBytes)
  return body + checksum(body)
}

/** Whether the text has the form of a key and an intact checksum. Says nothing of whether such a key was ever issued. */
export function parseKey(text: string): ParsedKey {
  if (!WHOLE_KEY.test(text)) return MALFORMED
  return text.endsWith(checksum(text.slice(0, -CHECKSUM_LENGTH))) ? KEY : MALFORMED
}

/** Whether an API key stands anywhere in the text, percent-encoded or not; its checksum may be wrong. */
export function looksLikeKey(text: string): boolean {
  if (KEY_PATTERN.test(text)) return true
  return text.includes('%') && KEY_PATTERN.test(decodeAscii(text))
}

const PREFIX = 'maat_sk_'
const SECRET_LENGTH = 32
const CHECKSUM_LENGTH = 6
const WHOLE_KEY = new RegExp(`^${KEY_PATTERN.source}$`)
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

function decodeAscii(text: string): string {
  // decodeURIComponent throws on what is not UTF-8, and a key beside such bytes is a key all the same.
  return text.replaceAll(/%([0-7][0-9A-Fa-f])/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
}
