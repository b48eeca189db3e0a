import { describe, expect, test } from 'vitest'

import {
  cookieNames,
  dropAccessCookie,
  hasCookie,
  printCookies,
  readCookie,
} from '../../../src/auth/session-cookies.ts'

const secure = cookieNames('https://api.example')
const plain = cookieNames('http://127.0.0.1:4000')
const session = {
  accessToken: 'a.b.c',
  refreshToken: 'maat_rt_x',
  accessSeconds: 600,
  refreshSeconds: 2_592_000,
}

describe('a Cookie field', () => {
  test.each([
    ['alone', 'maat_access=x'],
    ['first', 'maat_access=x; b=y'],
    ['last', 'b=y; maat_access=x'],
    ['without a space', 'b=y;maat_access=x;c=z'],
    ['beside one whose name ends alike', 'x-maat_access=y; maat_access=x'],
    ['beside one whose name begins alike', 'maat_access2=y; maat_access=x'],
    ['beside one whose value looks alike', 'b=maat_access=y; maat_access=x'],
  ])('holds a cookie %s', (_where, header) => {
    expect(readCookie(header, 'maat_access')).toBe('x')
    expect(hasCookie(header, 'maat_access')).toBe(true)
  })

  test.each([
    ['is absent', undefined],
    ['is empty', ''],
    ['holds others alone', 'b=y; maat_refresh=z'],
    ['holds it with a prefix', '__Host-maat_access=x'],
    ['holds its name alone', 'maat_access'],
    ['holds it in other letters', 'MAAT_ACCESS=x'],
  ])('holds none where it %s', (_how, header) => {
    expect(readCookie(header, 'maat_access')).toBeNull()
    expect(hasCookie(header, 'maat_access')).toBe(false)
  })

  test.each([
    'maat_access=x; maat_access=y',
    'maat_access=x;maat_access=x',
    'maat_access=;maat_access=x',
  ])('holds no value, and still a cookie, where it is %s', (header) => {
    expect(readCookie(header, 'maat_access')).toBeNull()
    expect(hasCookie(header, 'maat_access')).toBe(true)
  })

  test('holds the whole value, with any sign of equality in it', () => {
    expect(readCookie('maat_refresh=a==', 'maat_refresh')).toBe('a==')
  })
})

describe('the cookies of a session', () => {
  test('are bound to this very host over https, and go before the token does', () => {
    expect(printCookies(secure, session)).toEqual([
      '__Host-maat_access=a.b.c; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=585',
      '__Host-maat_refresh=maat_rt_x; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=2592000',
    ])
  })

  test('have plain names on http, where no browser takes others', () => {
    expect(printCookies(plain, session)).toEqual([
      'maat_access=a.b.c; Path=/; HttpOnly; SameSite=Strict; Max-Age=585',
      'maat_refresh=maat_rt_x; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000',
    ])
  })

  test('never have a negative age', () => {
    expect(printCookies(plain, { ...session, accessSeconds: 3 })[0]).toMatch(/Max-Age=0$/)
  })

  test('are taken away under the same names and attributes', () => {
    const gone = [
      '__Host-maat_access=; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=0',
      '__Host-maat_refresh=; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age=0',
    ]
    expect(printCookies(secure, null)).toEqual(gone)
    expect(dropAccessCookie(secure)).toBe(gone[0])
  })
})
