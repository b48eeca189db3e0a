import { describe, expect, test } from 'vitest'

import { placeRestriction } from '../../../../src/auth/keys/place-restriction.ts'

const at = (address: string | null, origin?: string) => ({ address, origin })

test('a key that is bound to nothing may be used from anywhere, and by anybody', () => {
  const restrict = placeRestriction([], [])
  expect(restrict(at(null))).toBeNull()
  expect(restrict(at('192.0.2.1', 'https://a.example'))).toBeNull()
})

describe('a key that is bound to networks', () => {
  const restrict = placeRestriction(
    ['192.0.2.0/24', '198.51.100.7', '2001:db8::/32', '2001:db9::1', '::ffff:203.0.113.0/120'],
    [],
  )

  test.each([
    '192.0.2.0',
    '192.0.2.255',
    '::ffff:192.0.2.1',
    '198.51.100.7',
    '2001:db8::1',
    '2001:db8:ffff::1',
    '2001:DB9:0::1',
    '203.0.113.9',
  ])('may be used from %s', (address) => {
    expect(restrict(at(address))).toBeNull()
    expect(restrict(at(address, 'https://a.example'))).toBeNull()
  })

  test.each([
    null,
    'unknown',
    '192.0.3.0',
    '198.51.100.8',
    '2001:db9::2',
    '::c000:201',
    '192.0.2.1/32',
    '203.0.114.9',
  ])('may not be used from %s', (address) => {
    expect(restrict(at(address))).toBe('network')
  })
})

describe('a key that is bound to origins', () => {
  const restrict = placeRestriction([], ['https://a.example', 'https://b.example:8443'])

  test.each(['https://a.example', 'https://b.example:8443', undefined])(
    'may be used by a page of %s',
    (origin) => {
      expect(restrict(at('192.0.2.1', origin))).toBeNull()
    },
  )

  test.each([
    '',
    'null',
    'http://a.example',
    'https://a.example:8443',
    'https://b.example',
    'https://a.example.evil.example',
    'https://a.example, https://a.example',
  ])('may not be used by a page of %s', (origin) => {
    expect(restrict(at('192.0.2.1', origin))).toBe('origin')
  })
})

test('the network is named first where both forbid it', () => {
  const restrict = placeRestriction(['192.0.2.0/24'], ['https://a.example'])
  expect(restrict(at('198.51.100.1', 'https://b.example'))).toBe('network')
})
