import { hash } from 'node:crypto'
import type { RandomBytes } from '../api-key.ts'

/** How secrets of each kind begin: what a mailed link opens once, and what goes on with a session. */
export type SecretPrefix = 'maat_lk_' | 'maat_rt_'

const SECRET_BYTES = 32
const REST = /^[A-Za-z0-9_-]{43}$/

/** A new secret: its prefix, and 256 random bits in base64url. */
export function formatSecret(prefix: SecretPrefix, random: RandomBytes): string {
  return prefix + Buffer.from(random(SECRET_BYTES)).toString('base64url')
}

/** The text itself where it has the form of a secret of this kind, else null. */
export function parseSecret(prefix: SecretPrefix, text: string): string | null {
  return text.startsWith(prefix) && REST.test(text.slice(prefix.length)) ? text : null
}

/** SHA-256, 32 bytes: what the database has of a secret that no guess can reach. */
export function digestSecret(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}
