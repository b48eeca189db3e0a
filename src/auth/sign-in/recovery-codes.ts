import { hash } from 'node:crypto'
import { base32 } from '@scure/base'
import type { RandomBytes } from '../api-key.ts'

export const RECOVERY_CODES = 10

/** 80 bits each: 16 base32 digits. */
const CODE_BYTES = 10
const CODE = /^[A-Z2-7]{16}$/

/** New recovery codes, in groups of four digits, and what is kept of them, in the same order. */
export function formatRecoveryCodes(random: RandomBytes): {
  readonly codes: readonly string[]
  readonly digests: readonly Buffer[]
} {
  const plain = Array.from({ length: RECOVERY_CODES }, () => base32.encode(random(CODE_BYTES)))
  return {
    codes: plain.map((code) => (code.match(/.{4}/g) ?? []).join('-')),
    digests: plain.map(digest),
  }
}

/** What is kept of a code, whatever its letter case, spaces and hyphens; null for what is none. */
export function digestRecoveryCode(text: string): Buffer | null {
  const code = text.replaceAll(/[\s-]/g, '').toUpperCase()
  return CODE.test(code) ? digest(code) : null
}

function digest(code: string): Buffer {
  return hash('sha256', code, 'buffer')
}
