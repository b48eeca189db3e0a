import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'

import { formatKey } from '../../../src/auth/api-key.ts'
import { insertSession } from '../../support/session.ts'
import { bearer, cookie, PAGE, sessionDesk } from '../../support/session-desk.ts'

const { gateway, authenticatorWith } = await sessionDesk()
const NOBODY = await authenticatorWith().refusal({ authorization: 'Bearer nothing' })

describe('a cookie', () => {
  test('makes the same principal as the token in it', async () => {
    const { token } = await insertSession(gateway)
    const { authenticate } = authenticatorWith()
    const principal = await authenticate(bearer(token))
    expect(await authenticate(cookie(token), PAGE)).toBe(principal)
  })

  test('with a key in it opens nothing', async () => {
    const key = await gateway.issueKey()
    expect(await authenticatorWith().refusal(cookie(key))).toEqual(NOBODY)
  })

  test('is refused where cookies are not allowed, and not looked at', async () => {
    const { token } = await insertSession(gateway)
    const { refusal, count } = authenticatorWith()
    for (const value of [token, 'x']) {
      expect(await refusal(cookie(value), { ...PAGE, isCookieAllowed: false })).toMatchObject({
        status: 403,
        extensions: { code: 'CSRF_REFUSED' },
      })
    }
    expect(count).toEqual({ statements: 0, verified: 0 })
  })

  test.each([
    ['a key', `Bearer ${formatKey(randomBytes)}`],
    ['a key as Basic', `Basic ${Buffer.from(`x:${formatKey(randomBytes)}`).toString('base64')}`],
    ['a token', 'Bearer a.b.c'],
    ['something malformed', 'Bearer'],
  ])('is refused beside %s, whether it is good or not', async (_what, authorization) => {
    const { token } = await insertSession(gateway)
    const { refusal } = authenticatorWith()
    for (const value of [token, 'x']) {
      expect(await refusal({ ...cookie(value), authorization })).toMatchObject({
        status: 400,
        extensions: { code: 'CREDENTIALS_CONFLICT' },
      })
    }
  })

  test('of another name, or of the refresh token alone, is none of a session', async () => {
    const key = await gateway.issueKey()
    const { authenticate } = authenticatorWith()
    const headers = { ...bearer(key), cookie: 'theme=dark; maat_refresh=x; __Host-maat_access=y' }
    expect((await authenticate(headers)).standing.kind).toBe('key')
  })
})
