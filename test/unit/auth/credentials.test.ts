import { describe, expect, test } from 'vitest'
import { formatKey } from '../../../src/auth/api-key.ts'
import { readCredentials } from '../../../src/auth/credentials.ts'

const KEY = formatKey((size) => new Uint8Array(size))
const basic = (pair: string) => Buffer.from(pair).toString('base64')

describe('the Authorization header', () => {
  test('that is absent presents nothing', () => {
    expect(readCredentials(undefined)).toEqual({ kind: 'none' })
  })

  test.each(['Bearer', 'bearer', 'BEARER'])('presents a key after %s', (scheme) => {
    expect(readCredentials(`${scheme} ${KEY}`)).toEqual({ kind: 'key', key: KEY, keyId: null })
  })

  test('may hold more than one space before the key', () => {
    expect(readCredentials(`Bearer   ${KEY}`)).toMatchObject({ kind: 'key', key: KEY })
  })

  test.each(['Basic', 'basic', 'BASIC'])('presents key id and key after %s', (scheme) => {
    expect(readCredentials(`${scheme} ${basic(`key_abc:${KEY}`)}`)).toEqual({
      kind: 'key',
      key: KEY,
      keyId: 'key_abc',
    })
  })

  test('presents an empty key id as one that no key has', () => {
    expect(readCredentials(`Basic ${basic(`:${KEY}`)}`)).toMatchObject({ keyId: '' })
  })

  test.each(['a.b.c', 'aA0-_.bB1-_.cC2-_', 'a.b.', `${'a'.repeat(4000)}.b.c`])(
    'presents the token of a session after Bearer: %s',
    (token) => {
      expect(readCredentials(`Bearer ${token}`)).toEqual({ kind: 'token', token })
    },
  )

  test.each([
    ['two parts', 'Bearer a.b'],
    ['four parts', 'Bearer a.b.c.d'],
    ['five parts, as an encrypted one has', 'Bearer a.b.c.d.e'],
    ['no header', 'Bearer .b.c'],
    ['no claims', 'Bearer a..c'],
    ['signs of plain base64', 'Bearer a+.b/.c='],
    ['more than 4 kB', `Bearer ${'a'.repeat(4093)}.b.c`],
    ['another one joined to it', 'Bearer a.b.c, Bearer a.b.c'],
    ['Basic before it', `Basic ${basic('ses_x:a.b.c')}`],
    ['no scheme', 'a.b.c'],
  ])('is malformed where it is a token with %s', (_, header) => {
    expect(readCredentials(header)).toEqual({ kind: 'malformed' })
  })

  test.each([
    ['empty', ''],
    ['a scheme alone', 'Bearer'],
    ['a scheme and a space', 'Bearer '],
    ['a key without a scheme', KEY],
    ['an unknown scheme', `Token ${KEY}`],
    ['a scheme that objects are made of', `constructor ${KEY}`],
    ['a malformed key', `Bearer ${KEY.slice(0, -1)}`],
    ['something after the key', `Bearer ${KEY} x`],
    ['two Bearer headers joined', `Bearer ${KEY}, Bearer ${KEY}`],
    ['two Basic headers joined', `Basic ${basic(`key_abcd:${KEY}`)}, Basic eDp5`],
    ['Basic without base64', `Basic key_abc:${KEY}`],
    ['Basic without a colon', `Basic ${basic(KEY)}`],
    ['Basic with user and password swapped', `Basic ${basic(`${KEY}:key_abc`)}`],
    ['Basic with a malformed key', `Basic ${basic(`key_abc:${KEY}x`)}`],
    [
      'Basic with bytes that are no text',
      `Basic ${Buffer.from([255, 58, 254]).toString('base64')}`,
    ],
  ])('is malformed: %s', (_, header) => {
    expect(readCredentials(header)).toEqual({ kind: 'malformed' })
  })
})
