import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatKey, parseKey } from '../../src/auth/api-key.ts'
import { readCredentials } from '../../src/auth/credentials.ts'
import { mentionsKey } from '../../src/auth/mentions-key.ts'

const ALPHABET = Array.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz')

/** Keys from seeded bytes, so that a failure can be repeated; what the seed does not cover counts up. */
const keys = fc.uint8Array({ minLength: 32, maxLength: 64 }).map((seed) => {
  let used = 0
  return formatKey((size) => Uint8Array.from({ length: size }, () => seed[used++] ?? used % 248))
})

test('every key that is made reads as a key', () => {
  fc.assert(
    fc.property(keys, (key) => {
      expect([parseKey(key).kind, mentionsKey(key)]).toEqual(['key', true])
    }),
  )
})

test('a key with any one character changed is malformed', () => {
  fc.assert(
    fc.property(keys, fc.nat(45), fc.constantFrom(...ALPHABET), (key, at, character) => {
      fc.pre(key[at] !== character)
      const changed = key.slice(0, at) + character + key.slice(at + 1)
      expect(parseKey(changed)).toEqual({ kind: 'malformed' })
    }),
    { numRuns: 2000 },
  )
})

test('a key with two neighbours swapped is malformed', () => {
  fc.assert(
    fc.property(keys, fc.integer({ min: 8, max: 44 }), (key, at) => {
      const [left = '', right = ''] = key.slice(at, at + 2)
      fc.pre(left !== right)
      const swapped = key.slice(0, at) + right + left + key.slice(at + 2)
      expect(parseKey(swapped)).toEqual({ kind: 'malformed' })
    }),
  )
})

test('the digits of keys are evenly spread', () => {
  const counts = new Map(ALPHABET.map((digit) => [digit, 0]))
  const drawn = 2000 * 32
  for (let n = 0; n < 2000; n += 1) {
    for (const digit of formatKey(randomBytes).slice(8, 40)) {
      counts.set(digit, (counts.get(digit) ?? 0) + 1)
    }
  }
  const mean = drawn / ALPHABET.length
  const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - mean) ** 2 / mean, 0)
  // 61 degrees of freedom: true randomness stays below 150 in all but one of 10^8 runs; a plain `byte % 62` gives over 1 000.
  expect(chiSquare).toBeLessThan(150)
})

test('no header makes reading credentials throw, or yield anything but a whole key', () => {
  const scheme = fc.constantFrom('Bearer ', 'Basic ', 'basic', '', 'Digest ')
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string().map((text) => Buffer.from(text).toString('base64')),
    keys,
  )
  fc.assert(
    fc.property(scheme, value, (before, after) => {
      const credentials = readCredentials(before + after)
      const isWhole = credentials.kind === 'key' && parseKey(credentials.key).kind === 'key'
      expect(isWhole || credentials.kind === 'malformed').toBe(true)
    }),
  )
})
