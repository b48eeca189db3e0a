import { createHash, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import {
  digestRecoveryCode,
  formatRecoveryCodes,
} from '../../../../src/auth/sign-in/recovery-codes.ts'

test('ten codes are made, all different, in groups of four, each with its digest', () => {
  const { codes, digests } = formatRecoveryCodes(randomBytes)
  expect(new Set(codes).size).toBe(10)
  expect(codes.filter((code) => !/^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$/.test(code))).toEqual([])
  expect(codes.map(digestRecoveryCode)).toEqual(digests)
})

test('the digest is the SHA-256 of the sixteen characters', () => {
  const expected = createHash('sha256').update('ABCDEFGH234567XY').digest()
  expect(digestRecoveryCode('ABCD-EFGH-2345-67XY')).toEqual(expected)
})

test('a code reads the same in either letter case, with spaces and hyphens anywhere', () => {
  const separators = fc.array(fc.constantFrom('', ' ', '-', ' - ', '\t'), {
    minLength: 16,
    maxLength: 16,
  })
  const cases = fc.array(fc.boolean(), { minLength: 16, maxLength: 16 })
  const { codes, digests } = formatRecoveryCodes(randomBytes)
  fc.assert(
    fc.property(fc.nat(9), separators, cases, (n, between, isLower) => {
      const plain = Array.from((codes[n] ?? '').replaceAll('-', ''))
      const typed = plain.map(
        (digit, at) => (between[at] ?? '') + (isLower[at] === true ? digit.toLowerCase() : digit),
      )
      expect(digestRecoveryCode(typed.join(''))).toEqual(digests[n])
    }),
  )
})

test.each([
  '',
  '----',
  'ABCD-EFGH-2345-67X',
  'ABCD-EFGH-2345-67XYZ',
  'ABCD-EFGH-2345-6701',
  'ſBCD',
])('%j is no recovery code', (text) => {
  expect(digestRecoveryCode(text)).toBeNull()
})
