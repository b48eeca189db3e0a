import { createHmac, timingSafeEqual } from 'node:crypto'
import { base32nopad } from '@scure/base'
import type { RandomBytes } from '../api-key.ts'

const STEP_MS = 30_000
const DIGITS = 6
const SECRET_BYTES = 20
/** Steps before and after the present one whose codes are taken too: clocks differ, and people type slowly. */
const WINDOW = 1

/** A new shared secret, 160 bits in base32. */
export function newTotpSecret(random: RandomBytes): string {
  return base32nopad.encode(random(SECRET_BYTES))
}

/**
 * The code of one time step.
 * @see https://www.rfc-editor.org/rfc/rfc6238
 */
export function totpCode(secret: string, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', base32nopad.decode(secret)).update(counter).digest()
  const offset = (mac.at(-1) ?? 0) & 0xf
  const number = mac.readUInt32BE(offset) & 0x7fff_ffff
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0')
}

/** The step whose code this is, later than the last one that was taken; null where it is none: no code counts twice. */
export function verifyTotp(
  secret: string,
  text: string,
  { atMs, lastStep }: { readonly atMs: number; readonly lastStep: number },
): number | null {
  const code = text.replaceAll(/\s/g, '')
  if (!/^\d{6}$/.test(code)) return null
  const now = Math.floor(atMs / STEP_MS)
  let found: number | null = null
  // All of them, always: the time taken tells nothing of which one matched.
  for (let step = Math.max(0, now - WINDOW); step <= now + WINDOW; step += 1) {
    const isIt = timingSafeEqual(Buffer.from(totpCode(secret, step)), Buffer.from(code))
    if (isIt && step > lastStep) found = step
  }
  return found
}

/** The secret as authenticators read it from a QR code. */
export function otpauthUri({
  secret,
  account,
  issuer,
}: {
  readonly secret: string
  readonly account: string
  readonly issuer: string
}): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`
  return `otpauth://totp/${label}?secret=${secret}&issuer=${encodeURIComponent(issuer)}`
}
