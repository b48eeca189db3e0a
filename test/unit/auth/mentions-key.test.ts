import { describe, expect, test } from 'vitest'

import { mentionsKey } from '../../../src/auth/mentions-key.ts'

const KEY = 'maat_sk_000000000000000000000000000000000L59YZ'

describe('a text that holds a key', () => {
  test.each([
    ['a query', `/graphql?api_key=${KEY}&query={me{id}}`],
    ['a path', `/v1/${KEY}/sets`],
    ['user information', `http://x:${KEY}@localhost/graphql`],
    ['an encoded query', `/graphql?k=${KEY.replaceAll('_', '%5f')}`],
    ['a fully encoded query', `/graphql?k=${encodeAll(KEY)}`],
    ['a query beside bytes that are no text', `/graphql?x=%E0%A4&k=${encodeAll(KEY)}`],
    ['a query with a wrong checksum', `/graphql?k=${KEY.slice(0, -6)}000000`],
    ['a query with its beginning alone', `/graphql?k=${KEY.slice(0, 12)}`],
    ['a query that was escaped three times', `/graphql?k=${encodeTwice(KEY)}`],
    ['a query in capitals', `/graphql?k=${KEY.toUpperCase()}`],
  ])('is recognised: %s', (_, text) => {
    expect(mentionsKey(text)).toBe(true)
  })

  test.each([
    '/graphql',
    '/graphql?query=%7Bme%7Bid%7D%7D',
    '/docs/maat_sk',
    '/docs/maat%25255fs',
    '/%',
    '',
  ])('is not seen in %s', (text) => {
    expect(mentionsKey(text)).toBe(false)
  })
})

function encodeAll(text: string): string {
  return Array.from(text, (character) => `%${character.charCodeAt(0).toString(16)}`).join('')
}

function encodeTwice(text: string): string {
  return encodeAll(text).replaceAll('%', '%2525')
}
