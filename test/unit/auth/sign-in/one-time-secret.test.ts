import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import {
  digestSecret,
  formatSecret,
  parseSecret,
  type SecretPrefix,
} from '../../../../src/auth/sign-in/one-time-secret.ts'

const prefixes = fc.constantFrom<SecretPrefix>('maat_lk_', 'maat_rt_')
const bytes = fc.uint8Array({ minLength: 32, maxLength: 32 })

test('a secret holds its 32 random bytes, and reads as one of its kind and of no other', () => {
  fc.assert(
    fc.property(prefixes, bytes, (prefix, drawn) => {
      const secret = formatSecret(prefix, (size) => drawn.subarray(0, size))
      expect(secret).toHaveLength(51)
      expect(Buffer.from(secret.slice(8), 'base64url')).toEqual(Buffer.from(drawn))
      expect(parseSecret(prefix, secret)).toBe(secret)
      expect(parseSecret(prefix === 'maat_lk_' ? 'maat_rt_' : 'maat_lk_', secret)).toBeNull()
    }),
  )
})

const REST = 'A'.repeat(43)

test.each([
  '',
  'maat_lk_',
  REST,
  `maat_lk_${REST.slice(1)}`,
  `maat_lk_${REST}A`,
  `maat_lk_${REST}\n`,
  ` maat_lk_${REST}`,
  `MAAT_LK_${REST}`,
  `maat_sk_${REST}`,
  `maat_lk_${REST.slice(1)}+`,
])('%j is no secret of a link', (text) => {
  expect(parseSecret('maat_lk_', text)).toBeNull()
})

test('the digest is the SHA-256 of the whole text', () => {
  const text = `maat_rt_${REST}`
  expect(digestSecret(text)).toEqual(createHash('sha256').update(text).digest())
})
