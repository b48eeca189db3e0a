import { describe, expect, test } from 'vitest'

import { refuseKeyInUrl } from '../../../src/http/key-in-url.ts'

const KEY_IN_URL = expect.objectContaining({ code: 'KEY_IN_URL' })

describe('a URL', () => {
  test.each([
    ['in a parameter', '/graphql?key=maat_sk_abc'],
    ['in its path', '/maat_sk_abc'],
    ['inside of variables', '/graphql?variables={"k":"maat_sk_abc"}'],
    ['escaped', '/graphql?key=maat%5Fsk%5Fabc'],
    ['escaped twice', '/graphql?key=maat%255Fsk_abc'],
    ['in capitals', '/graphql?key=MAAT_SK_abc'],
    ['beside a broken escape', '/graphql?a=%zz&key=maat_sk_abc'],
  ])('that holds a key %s is refused', (_case, url) => {
    expect(() => refuseKeyInUrl(url)).toThrow(KEY_IN_URL)
  })

  test.each([['/graphql'], ['/graphql?query={me{username}}'], ['/graphql?query=%7B%zz']])(
    'without one passes (%s)',
    (url) => {
      expect(() => refuseKeyInUrl(url)).not.toThrow()
    },
  )
})
