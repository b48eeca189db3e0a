import { describe, expect, test } from 'vitest'

import { createFindClient } from '../../../src/http/client-address.ts'

/** Who the client is, seen from a socket to this address, by a gateway that trusts these proxies. */
function clientOf(remoteAddress: string | undefined, forwarded?: string, proxies = TRUSTED) {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
  return createFindClient(proxies)({ socket: { remoteAddress }, headers }).network
}

const TRUSTED = ['10.0.0.0/8', '192.0.2.1', 'fd00::/8']

describe('a socket', () => {
  test.each([
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80::/64'],
    ['::1', '::/64'],
  ])('to %s is the client %s', (address, client) => {
    expect(clientOf(address)).toBe(client)
  })

  test('that has gone already is a client nobody knows', () => {
    expect(clientOf(undefined)).toBe('unknown')
  })

  test('to the same network is the same client, whichever of its addresses it comes from', () => {
    expect(clientOf('2001:db8:1:2:ffff::1')).toBe(clientOf('2001:db8:1:2::2'))
    expect(clientOf('2001:db8:1:3::2')).not.toBe(clientOf('2001:db8:1:2::2'))
  })
})

describe('X-Forwarded-For', () => {
  test.each(['203.0.113.9', '::ffff:203.0.113.9', '2001:db8::9'])(
    'of %s, which nobody trusts, counts for nothing',
    (address) => {
      expect(clientOf(address, '198.51.100.1')).toBe(clientOf(address))
    },
  )

  test('counts for nothing where no proxy is trusted', () => {
    expect(clientOf('127.0.0.1', '198.51.100.1', [])).toBe('127.0.0.1')
  })

  test.each(['10.1.2.3', '::ffff:10.1.2.3', '192.0.2.1', 'fd00::7'])(
    'of the trusted %s names the client',
    (address) => {
      expect(clientOf(address, '198.51.100.1')).toBe('198.51.100.1')
      expect(clientOf(address, '2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64')
    },
  )

  test.each([
    ['what the client wrote itself stands before what the proxy saw', '1.1.1.1, 198.51.100.1'],
    ['trusted hops are walked past', '1.1.1.1, 198.51.100.1, 10.0.0.2,fd00::3'],
    ['a trusted address that the client made up is not reached', '10.9.9.9, 198.51.100.1'],
    ['a port is left out', '198.51.100.1:4711'],
    ['IPv4 within IPv6 is IPv4', '::ffff:198.51.100.1'],
    ['blanks do not matter', '  198.51.100.1  , 10.0.0.2 '],
  ])('is read from the right: %s', (_, forwarded) => {
    expect(clientOf('10.0.0.1', forwarded)).toBe('198.51.100.1')
  })

  test('may hold an IPv6 address with its port', () => {
    expect(clientOf('10.0.0.1', '[2001:db8:1:2::1]:443')).toBe('2001:db8:1:2::/64')
  })

  test('that holds trusted hops alone means the first of them', () => {
    expect(clientOf('10.0.0.1', '10.0.0.3, 10.0.0.2')).toBe('10.0.0.3')
  })

  test.each(['', 'unknown', '198.51.100.300', '010.1.1.1', '42', '[2001:db8::1', '_hidden', ','])(
    'ends at the last good hop where "%s" follows',
    (malformed) => {
      expect(clientOf('10.0.0.1', malformed)).toBe('10.0.0.1')
      expect(clientOf('10.0.0.1', `198.51.100.1, ${malformed}, 10.0.0.2`)).toBe('10.0.0.2')
      expect(clientOf('10.0.0.1', `${malformed}, 198.51.100.1`)).toBe('198.51.100.1')
    },
  )
})

describe('a trusted proxy', () => {
  test.each(['::ffff:10.0.0.0/104', '::ffff:10.0.0.1', '0.0.0.0/0', '10.0.0.1/32'])(
    'may be named as %s',
    (proxy) => {
      expect(clientOf('10.0.0.1', '2001:db8:1:2::1', [proxy])).toBe('2001:db8:1:2::/64')
    },
  )

  test('of one kind of address is none of the other', () => {
    expect(clientOf('10.0.0.1', '198.51.100.1', ['::/0'])).toBe('10.0.0.1')
    expect(clientOf('2001:db8::1', '198.51.100.1', ['0.0.0.0/0'])).toBe('2001:db8::/64')
  })
})

test('more clients than are remembered are told apart all the same', () => {
  const find = createFindClient([])
  const client = (request: Parameters<typeof find>[0]) => find(request).network
  const addresses = Array.from({ length: 20_000 }, (_, n) => `203.0.${n >> 8}.${n & 255}`)
  const seen = addresses.map((remoteAddress) => client({ socket: { remoteAddress }, headers: {} }))
  expect(seen).toEqual(addresses)
})
