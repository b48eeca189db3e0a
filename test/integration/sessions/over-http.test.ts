import { describe, expect, test } from 'vitest'

import { digestSecret, formatSecret } from '../../../src/auth/sign-in/one-time-secret.ts'
import { PUBLIC_URL, testGateway, type TestGateway } from '../../support/gateway.ts'
import type { HttpRequest } from '../../support/http-request.ts'
import { insertSession } from '../../support/session.ts'

const APP = 'https://app.example'
const ME = '{ me { username } }'
const REFRESH =
  'mutation { refreshSession(input: { delivery: COOKIES }) { __typename ... on Problem { code } } }'
const PAGE = { origin: PUBLIC_URL, 'maat-request': '1' }

const gateway = await testGateway({ corsOrigins: [APP, '*'] })
const { token, accountId } = await insertSession(gateway, {
  account_id: await gateway.account({ username: 'ada' }),
})
const key = await gateway.issueKey({ accountId })
const cookie = `maat_access=${token}`
const query = `/graphql?query=${encodeURIComponent(ME)}`

function postOf(headers: HttpRequest['headers'], document = ME): HttpRequest {
  const accept = 'application/graphql-response+json'
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept, ...headers },
    body: JSON.stringify({ query: document }),
  }
}

async function send(request: HttpRequest, to: Pick<TestGateway, 'send'> = gateway) {
  const { status, headers, body } = await to.send(request)
  const { data, errors } = JSON.parse(body)
  return { status, headers, data, code: errors?.[0]?.extensions.code }
}

describe('a query by GET with the cookie of a session', () => {
  test('is answered to a page that may use it', async () => {
    expect(await send({ path: query, headers: { ...PAGE, cookie } })).toMatchObject({
      status: 200,
      data: { me: { username: 'ada' } },
    })
  })

  test.each([
    ['without an origin, as a link has none', { 'maat-request': '1' }],
    ['without the header', { origin: PUBLIC_URL }],
    ['with neither', {}],
    ['from another site', { ...PAGE, origin: 'https://evil.example' }],
  ])('is refused %s', async (_how, headers) => {
    const refused = await send({ path: query, headers: { ...headers, cookie } })
    expect(refused).toMatchObject({ status: 403, code: 'CSRF_REFUSED' })
    expect(refused.headers['set-cookie']).toBeUndefined()
  })

  test('never changes anything', async () => {
    const path = `/graphql?query=${encodeURIComponent('mutation { signOut { __typename } }')}`
    expect(await send({ path, headers: { ...PAGE, cookie } })).toMatchObject({ status: 405 })
  })
})

describe('the cookie of a session', () => {
  test.each(['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x'])(
    'opens nothing in a body of %s, which every page can send',
    async (type) => {
      const refused = await send(postOf({ ...PAGE, cookie, 'content-type': type }))
      expect(refused).toMatchObject({ status: 415, code: 'MEDIA_TYPE_UNSUPPORTED' })
    },
  )

  test('does not excuse a key in the URL', async () => {
    const { headers = {} } = postOf({ ...PAGE, cookie })
    const refused = await send({ ...postOf(headers), path: `/graphql?api_key=${key}` })
    expect(refused).toMatchObject({ status: 400, code: 'KEY_IN_URL' })
  })

  test.each([
    ['a key', `Bearer ${key}`],
    ['its own token', `Bearer ${token}`],
  ])('is refused beside %s', async (_what, authorization) => {
    const refused = await send(postOf({ ...PAGE, cookie, authorization }))
    expect(refused).toMatchObject({ status: 400, code: 'CREDENTIALS_CONFLICT' })
  })

  test('is refused where it is there twice, in one field or in two', async () => {
    for (const twice of [`${cookie}; ${cookie}`, [cookie, cookie]]) {
      expect(await send(postOf({ ...PAGE, cookie: twice }))).toMatchObject({
        status: 401,
        code: 'UNAUTHENTICATED',
      })
    }
  })
})

test.each([
  ['two keys', [`Bearer ${key}`, `Bearer ${key}`]],
  ['two tokens', [`Bearer ${token}`, `Bearer ${token}`]],
  ['a key and a token', [`Bearer ${key}`, `Bearer ${token}`]],
  ['a token and a key', [`Bearer ${token}`, `Bearer ${key}`]],
])('%s in two Authorization fields are none', async (_what, authorization) => {
  expect(await send(postOf({ authorization }))).toMatchObject({
    status: 401,
    code: 'UNAUTHENTICATED',
  })
})

describe('a page of another origin', () => {
  test('that is listed uses the session, and reads the answer', async () => {
    const answer = await send(postOf({ origin: APP, 'maat-request': '1', cookie }))
    expect(answer).toMatchObject({
      status: 200,
      headers: {
        'access-control-allow-origin': APP,
        'access-control-allow-credentials': 'true',
        vary: 'Origin',
      },
    })
  })

  test('that is not listed does neither, while everybody may read with a key', async () => {
    const origin = 'https://other.example'
    const refused = await send(postOf({ origin, 'maat-request': '1', cookie }))
    expect(refused).toMatchObject({ status: 403, code: 'CSRF_REFUSED' })
    expect(refused.headers['access-control-allow-credentials']).toBeUndefined()
    const answer = await send(postOf({ origin, authorization: `Bearer ${key}` }))
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'access-control-allow-origin': '*' },
    })
  })

  test.each([
    [APP, 'true'],
    ['https://other.example', undefined],
  ])('%s is told before it asks which fields it may send', async (origin, credentials) => {
    const { status, headers } = await gateway.send({
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    })
    expect(status).toBe(204)
    expect(headers['access-control-allow-credentials']).toBe(credentials)
    expect(headers['access-control-allow-headers']?.split(', ')).toEqual(
      expect.arrayContaining(['authorization', 'content-type', 'idempotency-key', 'maat-request']),
    )
  })
})

test.each(['front', 'yoga'] as const)('cookies are set through the %s door', async (door) => {
  const own = await testGateway({ door, now: '2026-02-01T12:00:00Z' })
  const { id } = await insertSession(own)
  const refreshToken = formatSecret('maat_rt_', own.acts.random)
  await own.database.kysely
    .insertInto('session_refresh')
    .values({ digest: digestSecret(refreshToken), session_id: id, created_at: new Date() })
    .execute()
  const jar = `maat_refresh=${refreshToken}`
  const { headers, data } = await send(postOf({ ...PAGE, cookie: jar }, REFRESH), own)
  expect(data).toEqual({ refreshSession: { __typename: 'SignedIn' } })
  expect(headers['set-cookie']).toEqual([
    expect.stringMatching(/^maat_access=[\w.-]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=585$/),
    expect.stringMatching(/^maat_refresh=maat_rt_[\w-]{43}; .*Max-Age=2592000$/),
  ])
})
