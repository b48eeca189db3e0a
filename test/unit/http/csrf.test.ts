import { describe, expect, test } from 'vitest'

import { createCookieCheck } from '../../../src/http/csrf.ts'

const HEADER = { 'maat-request': '1' }

describe('a request with cookies', () => {
  const isAllowed = createCookieCheck('https://api.example/maat', ['https://app.example', '*'])

  test.each(['https://api.example', 'https://app.example'])('of a page of %s may', (origin) => {
    expect(isAllowed({ ...HEADER, origin })).toBe(true)
  })

  test.each([
    undefined,
    '',
    'null',
    '*',
    'https://evil.example',
    'http://api.example',
    'https://api.example:8443',
    'https://api.example/maat',
    'https://api.example.evil.example',
    'https://evil.example/?https://api.example',
    'https://sub.api.example',
    'HTTPS://API.EXAMPLE',
    'https://api.example, https://evil.example',
    ' https://api.example',
  ])('of a page of %s may not', (origin) => {
    expect(isAllowed({ ...HEADER, origin })).toBe(false)
  })

  test.each([undefined, '', '0', 'true', '01', '1, 1', '1 '])(
    'whose Maat-Request is %s may not',
    (request) => {
      expect(isAllowed({ 'maat-request': request, origin: 'https://api.example' })).toBe(false)
    },
  )

  test('may not for the host that it asked for: who serves the world has one name', () => {
    const headers = { ...HEADER, origin: 'http://127.0.0.1:4000', host: '127.0.0.1:4000' }
    expect(isAllowed(headers)).toBe(false)
  })
})

describe('on this machine alone, a request with cookies', () => {
  const isAllowed = createCookieCheck('http://127.0.0.1:4000', [])

  test.each(['127.0.0.1:4000', 'localhost:4000', '[::1]:4000', 'localhost:5000'])(
    'of a page of the host that it asks, %s, may',
    (host) => {
      expect(isAllowed({ ...HEADER, origin: `http://${host}`, host })).toBe(true)
    },
  )

  test.each([
    ['http://localhost:5000', 'localhost:4000'],
    ['https://localhost:4000', 'localhost:4000'],
    ['http://evil.example:4000', 'evil.example:4000'],
    ['http://localhost.evil.example', 'localhost.evil.example'],
    ['http://127.0.0.1.evil.example', '127.0.0.1.evil.example'],
    ['http://undefined', undefined],
    ['http://x@localhost:4000', 'x@evil.example'],
  ])('of a page of %s that asks %s may not', (origin, host) => {
    expect(isAllowed({ ...HEADER, origin, host })).toBe(false)
  })
})
