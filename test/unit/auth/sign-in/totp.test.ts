import { base32nopad } from '@scure/base'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import {
  newTotpSecret,
  otpauthUri,
  totpCode,
  verifyTotp,
} from '../../../../src/auth/sign-in/totp.ts'

/** The secret of the RFC's examples. */
const SECRET = base32nopad.encode(Buffer.from('12345678901234567890'))

// RFC 6238, appendix B, mode SHA1: the last six of its eight digits.
test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
])('at %i seconds the code of the RFC is %s', (seconds, code) => {
  const step = Math.floor(seconds / 30)
  expect(totpCode(SECRET, step)).toBe(code)
  expect(verifyTotp(SECRET, code, { atMs: seconds * 1000, lastStep: 0 })).toBe(step)
})

// A step of its own, whose neighbours have other codes.
const STEP = 41_152_263

test.each([
  [-2, null],
  [-1, STEP - 1],
  [0, STEP],
  [1, STEP + 1],
  [2, null],
])('the code of the step %i from now is taken as %s', (distance, taken) => {
  const code = totpCode(SECRET, STEP + distance)
  expect(verifyTotp(SECRET, code, { atMs: STEP * 30_000, lastStep: 0 })).toBe(taken)
})

test('a step lasts from its first to its last millisecond', () => {
  const code = totpCode(SECRET, STEP + 1)
  const before = STEP * 30_000 - 1
  expect(verifyTotp(SECRET, code, { atMs: before, lastStep: 0 })).toBeNull()
  expect(verifyTotp(SECRET, code, { atMs: before + 1, lastStep: 0 })).toBe(STEP + 1)
})

test('a code that was taken, or is from before it, is not taken again', () => {
  const secrets = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((b) => base32nopad.encode(b))
  const steps = fc.integer({ min: 2, max: 2 ** 32 })
  const distances = fc.tuple(fc.integer({ min: -1, max: 1 }), fc.integer({ min: -1, max: 1 }))
  fc.assert(
    fc.property(secrets, steps, distances, (secret, now, [first, second]) => {
      const codes = [-1, 0, 1].map((distance) => totpCode(secret, now + distance))
      // One in 300 000 secrets has the same code twice in a row.
      fc.pre(new Set(codes).size === 3)
      const atMs = now * 30_000
      const taken = verifyTotp(secret, codes[first + 1] ?? '', { atMs, lastStep: 0 })
      expect(taken).toBe(now + first)
      const next = verifyTotp(secret, codes[second + 1] ?? '', { atMs, lastStep: now + first })
      expect(next).toBe(second > first ? now + second : null)
    }),
  )
})

test('a code may be typed in two groups', () => {
  expect(verifyTotp(SECRET, ' 287 082 ', { atMs: 59_000, lastStep: 0 })).toBe(1)
})

test.each(['', '28708', '2870820', '28708a', '-87082', '２８７０８２', '287082\u0000'])(
  '%j is no code',
  (text) => {
    expect(verifyTotp(SECRET, text, { atMs: 59_000, lastStep: 0 })).toBeNull()
  },
)

test('the first moment of all has a code', () => {
  expect(verifyTotp(SECRET, totpCode(SECRET, 0), { atMs: 0, lastStep: -1 })).toBe(0)
})

test('a new secret is as many random bytes as SHA-1 has, in base32', () => {
  const bytes = Uint8Array.from({ length: 20 }, (_, at) => at * 12)
  const sizes: number[] = []
  const secret = newTotpSecret((size) => {
    sizes.push(size)
    return bytes
  })
  expect(sizes).toEqual([20])
  expect(secret).toMatch(/^[A-Z2-7]{32}$/)
  expect(base32nopad.decode(secret)).toEqual(bytes)
})

test('an authenticator reads secret, account and issuer from the URI, whatever they hold', () => {
  const account = 'eva+1:%&?#@example.org'
  const uri = new URL(otpauthUri({ secret: SECRET, account, issuer: 'Maat & co' }))
  expect([uri.protocol, uri.host]).toEqual(['otpauth:', 'totp'])
  expect(uri.pathname.slice(1).split(':').map(decodeURIComponent)).toEqual(['Maat & co', account])
  expect(Object.fromEntries(uri.searchParams)).toEqual({ secret: SECRET, issuer: 'Maat & co' })
})
