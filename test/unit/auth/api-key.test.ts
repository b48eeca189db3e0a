import { describe, expect, test } from 'vitest'
import { formatKey, parseKey } from '../../../src/auth/api-key.ts'

/** The key of the smallest secret. Written out, so that a change of the format breaks keys here first. */
const KEY = 'maat_sk_000000000000000000000000000000000L59YZ'

describe('a key', () => {
  test('is its prefix, 32 digits from random bytes and 6 of checksum', () => {
    expect(formatKey((size) => new Uint8Array(size))).toBe(KEY)
  })

  test('takes no digit from a byte that would favour some digits over others', () => {
    const rounds = [new Uint8Array(32).fill(248), new Uint8Array(32).fill(255), new Uint8Array(32)]
    expect(formatKey(() => rounds.shift() ?? new Uint8Array(0))).toBe(KEY)
    expect(rounds).toEqual([])
  })

  test('has 46 characters', () => {
    expect(KEY).toHaveLength(46)
  })
})

describe('reading a key', () => {
  test('finds a whole key', () => {
    expect(parseKey(KEY)).toEqual({ kind: 'key' })
  })

  test.each([
    ['nothing', ''],
    ['the prefix alone', 'maat_sk_'],
    ['one character less', KEY.slice(0, -1)],
    ['one character more', `${KEY}0`],
    ['a space before', ` ${KEY}`],
    ['a line break after', `${KEY}\n`],
    ['another prefix', KEY.replace('maat', 'moot')],
    ['a prefix in capitals', KEY.toUpperCase()],
    ['another checksum', `${KEY.slice(0, -6)}000000`],
    ['another secret', KEY.replace('_0', '_1')],
    ['a character outside the alphabet', KEY.replace('_0', '_-')],
    ['a digit of another script', KEY.replace('_0', '_\u0660')],
    ['a UUID', '018f3c5e-0000-7000-8000-000000000000'],
  ])('finds %s malformed', (_, text) => {
    expect(parseKey(text)).toEqual({ kind: 'malformed' })
  })
})
