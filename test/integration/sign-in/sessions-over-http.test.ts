import { describe, expect, test } from 'vitest'

import { ask } from '../../support/act-client.ts'
import { PUBLIC_URL, testGateway, type TestGateway } from '../../support/gateway.ts'

const password = 'correct horse battery'
const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) {
  __typename ... on SignedIn { account session accessToken refreshToken } ... on Problem { code }
} }`
const REFRESH = `mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) {
  __typename ... on SignedIn { accessToken refreshToken } ... on Problem { code }
} }`
const ME = '{ me { username } }'

/** Ada, with a password, and a way to ask over the socket. */
async function ada(options: Parameters<typeof testGateway>[0] = {}) {
  const gateway = await testGateway(options)
  const accountId = await gateway.account({ username: 'ada' })
  await gateway.database.kysely
    .insertInto('credential')
    .values({
      account_id: accountId,
      password_hash: await gateway.acts.passwords.hash(password),
      updated_at: new Date(),
    })
    .execute()
  return {
    gateway,
    accountId,
    post: (query: string, headers: object = {}, variables: object = {}) =>
      postTo(gateway, query, { headers, variables }),
  }
}

async function postTo(
  gateway: TestGateway,
  query: string,
  { headers, variables }: { readonly headers: object; readonly variables: object },
) {
  const answer = await gateway.send({
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      ...headers,
    },
    body: JSON.stringify({ query, variables }),
  })
  const { data = null, errors = [] } = JSON.parse(answer.body)
  return {
    status: answer.status,
    data,
    codes: errors.map((error: { extensions: { code: string } }) => error.extensions.code),
    cookies: [answer.headers['set-cookie'] ?? []].flat().map(String),
  }
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const jar = (cookies: readonly string[]) => cookies.map((cookie) => cookie.split(';')[0]).join('; ')
const page = { origin: new URL(PUBLIC_URL).origin, 'maat-request': '1' }

describe('a session by token', () => {
  test('opens the account until it is signed out, on the very next request', async () => {
    const { post } = await ada()
    const input = { name: 'ada', password }
    const { signIn } = (await post(SIGN_IN, {}, { input })).data
    const token = bearer(signIn.accessToken)
    expect((await post(ME, token)).data).toEqual({ me: { username: 'ada' } })
    expect(
      (await post('{ sessions { nodes { id device method } } session { id } }', token)).data,
    ).toEqual({
      sessions: { nodes: [{ id: signIn.session, device: '', method: 'PASSWORD' }] },
      session: { id: signIn.session },
    })
    const out = await post('mutation { signOut { ... on SignedOut { sessions } } }', token)
    expect(out.data).toEqual({ signOut: { sessions: 1 } })
    expect(await post(ME, token)).toMatchObject({ status: 401, codes: ['UNAUTHENTICATED'] })
  })

  test('ends when its refresh token is used twice, and its owner is told', async () => {
    const { gateway, post } = await ada()
    const { signIn } = (await post(SIGN_IN, {}, { input: { name: 'ada', password } })).data
    const { refreshToken } = signIn
    const { refreshSession } = (await post(REFRESH, {}, { input: { refreshToken } })).data
    expect((await post(ME, bearer(refreshSession.accessToken))).status).toBe(200)
    const reused = await post(REFRESH, {}, { input: { refreshToken } })
    expect(reused.data.refreshSession).toEqual({
      __typename: 'SessionEnded',
      code: 'SESSION_ENDED',
    })
    expect((await post(ME, bearer(refreshSession.accessToken))).status).toBe(401)
    const next = await post(REFRESH, {}, { input: { refreshToken: refreshSession.refreshToken } })
    expect(next.data.refreshSession['__typename']).toBe('SessionEnded')
    const { rows } = await gateway.database.pool.query('select end_reason from session')
    expect(rows).toEqual([{ end_reason: 'refresh_reused' }])
  })
})

describe('a session by cookie', () => {
  const cookieInput = { input: { name: 'ada', password, delivery: 'COOKIES' } }
  test('is set for pages of an allowed origin that say so, and no script can read it', async () => {
    const { post } = await ada()
    const signedIn = await post(SIGN_IN, page, cookieInput)
    expect(signedIn.data.signIn).toMatchObject({ accessToken: null, refreshToken: null })
    for (const cookie of signedIn.cookies) {
      expect(cookie).toMatch(
        /^maat_(access|refresh)=\S+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/,
      )
    }
    const cookie = jar(signedIn.cookies)
    expect((await post(ME, { ...page, cookie })).data).toEqual({ me: { username: 'ada' } })
    const refreshed = await post(REFRESH, { ...page, cookie }, { input: { delivery: 'COOKIES' } })
    expect(refreshed.data.refreshSession['__typename']).toBe('SignedIn')
    expect(jar(refreshed.cookies)).not.toBe(cookie)
  })

  test.each([
    ['without the header', { origin: page.origin }],
    ['with another value of the header', { ...page, 'maat-request': 'true' }],
    ['without an origin', { 'maat-request': '1' }],
    ['from another origin', { ...page, origin: 'https://evil.example' }],
    ['from a null origin', { ...page, origin: 'null' }],
    ['from a longer origin', { ...page, origin: `${page.origin}.evil.example` }],
  ])('is refused %s, to sign in with and to use', async (_how, headers) => {
    const { post } = await ada()
    const cookie = jar((await post(SIGN_IN, page, cookieInput)).cookies)
    expect(await post(SIGN_IN, headers, cookieInput)).toMatchObject({
      status: 403,
      codes: ['CSRF_REFUSED'],
    })
    expect(await post(ME, { ...headers, cookie })).toMatchObject({
      status: 403,
      codes: ['CSRF_REFUSED'],
    })
  })

  test('is refused beside a key or a token', async () => {
    const { gateway, accountId, post } = await ada()
    const cookie = jar((await post(SIGN_IN, page, cookieInput)).cookies)
    const key = await gateway.issueKey({ accountId })
    for (const authorization of [`Bearer ${key}`, 'Bearer a.b.c', 'Basic eDp5']) {
      expect(await post(ME, { ...page, cookie, authorization })).toMatchObject({
        status: 400,
        codes: ['CREDENTIALS_CONFLICT'],
      })
    }
  })

  test('that has ended is dropped, so that the next request can sign in', async () => {
    const { gateway, accountId, post } = await ada()
    const cookie = jar((await post(SIGN_IN, page, cookieInput)).cookies)
    await gateway.database.pool.query('delete from session')
    gateway.forget(accountId)
    const refused = await post(ME, { ...page, cookie })
    expect(refused).toMatchObject({ status: 401, codes: ['UNAUTHENTICATED'] })
    expect(refused.cookies).toEqual(['maat_access=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0'])
  })
})

test('a key that is bound to networks and origins is refused elsewhere', async () => {
  const { gateway, accountId, post } = await ada()
  const key = await gateway.issueKey({ accountId })
  const bind = async (columns: object) => {
    await gateway.database.kysely.updateTable('api_key').set(columns).execute()
    gateway.forget(accountId)
  }
  await bind({ networks: ['127.0.0.0/8'], origins: ['https://a.example'] })
  expect((await post(ME, bearer(key))).status).toBe(200)
  expect((await post(ME, { ...bearer(key), origin: 'https://a.example' })).status).toBe(200)
  expect(await post(ME, { ...bearer(key), origin: 'https://b.example' })).toMatchObject({
    status: 403,
    codes: ['KEY_RESTRICTED'],
  })
  await bind({ networks: ['10.0.0.0/8', '::1'] })
  expect(await post(ME, bearer(key))).toMatchObject({ status: 403, codes: ['KEY_RESTRICTED'] })
})

test('a second factor stands between the password and the session', async () => {
  const { gateway, post } = await ada()
  const { signIn } = (await post(SIGN_IN, {}, { input: { name: 'ada', password } })).data
  const token = bearer(signIn.accessToken)
  const ENABLE = `mutation ($input: EnableTotpInput!) { enableTotp(input: $input) {
    ... on EnableTotpPayload { enabled secret uri recoveryCodes } ... on Problem { code } } }`
  const { secret, uri } = (await post(ENABLE, token, { input: {} })).data.enableTotp
  expect(uri).toBe(`otpauth://totp/Maat:ada%40example.test?secret=${secret}&issuer=Maat`)
  const { totpCode } = await import('../../../src/auth/sign-in/totp.ts')
  const step = Math.floor(Date.now() / 30_000)
  const enabled = await post(ENABLE, token, { input: { code: totpCode(secret, step) } })
  expect(enabled.data.enableTotp).toMatchObject({ enabled: true, secret: null })
  const [recovery] = enabled.data.enableTotp.recoveryCodes
  const CHALLENGED = `mutation ($input: SignInInput!) { signIn(input: $input) { ... on SecondFactorNeeded { challenge } } }`
  const VERIFY = `mutation ($input: VerifyTotpInput!) { verifyTotp(input: $input) { __typename ... on Problem { code } } }`
  const challenge = async () =>
    (await ask(gateway, CHALLENGED, { variables: { input: { name: 'ada', password } } })).data[
      'signIn'
    ].challenge
  const verify = async (input: object) =>
    (await post(VERIFY, {}, { input })).data.verifyTotp['__typename']
  // The code that enabled it has been used.
  expect(await verify({ challenge: await challenge(), code: totpCode(secret, step) })).toBe(
    'SecondFactorWrong',
  )
  const open = await challenge()
  expect(await verify({ challenge: open, code: recovery.toLowerCase() })).toBe('SignedIn')
  expect(await verify({ challenge: open, code: totpCode(secret, step + 1) })).toBe('SignInFailed')
  expect(await verify({ challenge: await challenge(), code: recovery })).toBe('SecondFactorWrong')
})
