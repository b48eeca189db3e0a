import type { ServerResponse as Response } from 'node:http'

import { generateKeyPair, UnsecuredJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { createAuthenticator } from '../../src/auth/authenticate.ts'
import {
  createExternalIssuers,
  createTokenReader,
} from '../../src/auth/session-token/external-issuers.ts'
import { createSessionTokens } from '../../src/auth/session-token/session-tokens.ts'
import { createSigningKeys } from '../../src/auth/session-token/signing-keys.ts'
import { ApiError, apiError } from '../../src/errors.ts'
import { refusalAnswer } from '../../src/gateway/answer.ts'
import { formatId } from '../../src/ids.ts'
import { insertAccount } from '../support/account.ts'
import { type LocalIssuer, startIssuer } from '../support/local-issuer.ts'
import { testDatabase } from '../support/test-database.ts'
import { testVault } from '../support/test-vault.ts'

const UNAUTHENTICATED = { code: 'UNAUTHENTICATED', message: apiError('UNAUTHENTICATED').message }
const ACCOUNT = '018f4e6a-0000-7000-8000-000000000001'

// jose looks at the time itself for the age of keys.
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

const clock = () => new Date()
const passSeconds = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000)

/** Reads tokens of these issuers, and ours. */
function readerOf(...issuers: LocalIssuer[]) {
  const away: string[] = []
  const vault = testVault()
  const own = createSessionTokens({
    keys: createSigningKeys(vault),
    issuer: 'https://maat.example',
    clock,
  })
  const external = createExternalIssuers({
    issuers: issuers.map(({ config }) => config),
    clock,
    onAway: (issuer, error) => away.push(`${issuer} ${String(error)}`),
  })
  return { read: createTokenReader(own.verify, external), own, away }
}

describe('a token of an issuer that is configured', () => {
  test.each(['EdDSA', 'ES256', 'RS256', 'PS256'])('is good under %s', async (alg) => {
    const issuer = await startIssuer(alg)
    const token = await issuer.sign('Robin')
    expect(await readerOf(issuer).read(token)).toEqual({
      kind: 'external',
      issuer: issuer.config.issuer,
      account: { usernameKey: 'robin' },
      expiresAtMs: (Math.floor(Date.now() / 1000) + 300) * 1000,
    })
  })

  test('names an account by its id as well, in the claim that is configured', async () => {
    const issuer = await startIssuer('EdDSA', { claim: 'https://maat.example/account' })
    const token = await issuer.sign(formatId('acc', ACCOUNT))
    expect(await readerOf(issuer).read(token)).toMatchObject({ account: { id: ACCOUNT } })
  })

  test('lets its holder in, as the account stands, and nobody in whose account there is none', async () => {
    const database = await testDatabase()
    const vault = testVault()
    const accountId = await insertAccount(database, vault, { username: 'Robin', role: 'curator' })
    const issuer = await startIssuer('EdDSA')
    const { authenticate } = createAuthenticator({
      database,
      vault,
      clock,
      verifyToken: readerOf(issuer).read,
    })
    const bearer = async (name: unknown) => ({ authorization: `Bearer ${await issuer.sign(name)}` })
    for (const name of ['robin', formatId('acc', accountId)]) {
      expect(await authenticate(await bearer(name))).toMatchObject({
        accountId,
        sessionId: null,
        keyId: null,
        standing: { kind: 'session', level: 5 },
      })
    }
    for (const name of ['nobody', formatId('acc', ACCOUNT)]) {
      await expect(authenticate(await bearer(name))).rejects.toMatchObject(UNAUTHENTICATED)
    }
  })

  test('is read beside our own', async () => {
    const { read, own } = readerOf(await startIssuer('EdDSA'))
    const { token } = await own.issue({ accountId: ACCOUNT, sessionId: ACCOUNT })
    expect(await read(token)).toMatchObject({ kind: 'own', accountId: ACCOUNT })
  })
})

describe('a bad token of an issuer is refused with 401', () => {
  const second = Math.floor(Date.now() / 1000)
  test.each([
    ['that names nobody', undefined, {}],
    ['that names nobody in words', '', {}],
    ['that names a number', 7, {}],
    ['that names a list', ['robin'], {}],
    ['that names what no database holds', 'ro\u0000bin', {}],
    ['with a very long name', 'r'.repeat(101), {}],
    ['for another audience', 'robin', { claims: { aud: 'shop' } }],
    ['for no audience', 'robin', { claims: { aud: undefined } }],
    ['of an issuer that nobody configured', 'robin', { claims: { iss: 'https://evil.example' } }],
    ['of no issuer', 'robin', { claims: { iss: undefined } }],
    ['without an end', 'robin', { claims: { exp: undefined } }],
    ['that has ended', 'robin', { claims: { exp: second - 60 } }],
    ['without a beginning', 'robin', { claims: { iat: undefined } }],
    ['from ahead of us', 'robin', { claims: { iat: second + 60 } }],
    ['of more than a day ago', 'robin', { claims: { iat: second - 86_460, exp: second + 60 } }],
    ['for later', 'robin', { claims: { nbf: second + 60 } }],
    ['that is a notice of a sign-out', 'robin', { header: { typ: 'logout+jwt' } }],
    ['of an unknown key', 'robin', { header: { kid: 'other' } }],
    ['of more than 4 kB', 'robin', { claims: { more: 'x'.repeat(4096) } }],
  ])('%s', async (_what, name, over) => {
    const issuer = await startIssuer('EdDSA')
    const { read } = readerOf(issuer)
    await expect(read(await issuer.sign(name, over))).rejects.toMatchObject(UNAUTHENTICATED)
  })

  test('under a key of somebody else', async () => {
    const issuer = await startIssuer('EdDSA')
    const { privateKey: key } = await generateKeyPair('EdDSA')
    const token = await issuer.sign('robin', { key })
    await expect(readerOf(issuer).read(token)).rejects.toMatchObject(UNAUTHENTICATED)
  })

  test('under an algorithm that is not on the list, though its key is published', async () => {
    const issuer = await startIssuer('ES512')
    const token = await issuer.sign('robin')
    await expect(readerOf(issuer).read(token)).rejects.toMatchObject(UNAUTHENTICATED)
  })

  test('without a signature, and without a question for keys', async () => {
    const issuer = await startIssuer('EdDSA')
    const { issuer: iss, audience: aud } = issuer.config
    const unsigned = new UnsecuredJWT({ iss, aud, sub: 'robin' })
    const token = unsigned.setIssuedAt().setExpirationTime('5m').encode()
    await expect(readerOf(issuer).read(token)).rejects.toMatchObject(UNAUTHENTICATED)
    expect(issuer.questions()).toBe(0)
  })

  test('that another configured issuer signed', async () => {
    const [one, other] = [await startIssuer('EdDSA'), await startIssuer('EdDSA')]
    const token = await other.sign('robin', { claims: { iss: one.config.issuer } })
    await expect(readerOf(one, other).read(token)).rejects.toMatchObject(UNAUTHENTICATED)
  })
})

describe('the keys of an issuer', () => {
  test('are asked for once for many tokens', async () => {
    const issuer = await startIssuer('EdDSA')
    const { read } = readerOf(issuer)
    const tokens = await Promise.all(['a1', 'b2', 'c3'].map((name) => issuer.sign(name)))
    await Promise.all(tokens.map(read))
    await Promise.all(tokens.map(read))
    expect(issuer.questions()).toBe(1)
  })

  test('are asked for again where a token names a new one, half a minute after the last answer', async () => {
    const issuer = await startIssuer('EdDSA')
    const { read } = readerOf(issuer)
    const old = await issuer.sign('robin')
    await read(old)
    await issuer.addKey('ES256')
    passSeconds(31)
    expect(await read(await issuer.sign('robin'))).toMatchObject({ kind: 'external' })
    expect(await read(old)).toMatchObject({ kind: 'external' })
    expect(issuer.questions()).toBe(2)
  })

  test('are not asked for by a flood of tokens of unknown keys', async () => {
    const issuer = await startIssuer('EdDSA')
    const { read } = readerOf(issuer)
    for (const kid of ['x', 'y', 'z']) {
      const token = await issuer.sign('robin', { header: { kid } })
      await expect(read(token)).rejects.toMatchObject(UNAUTHENTICATED)
    }
    expect(issuer.questions()).toBe(1)
  })

  test('that it withdraws are good for ten minutes at most', async () => {
    const issuer = await startIssuer('EdDSA')
    const { read } = readerOf(issuer)
    const long = { claims: { exp: Math.floor(Date.now() / 1000) + 3600 } }
    const token = await issuer.sign('robin', long)
    await read(token)
    issuer.answerWith((response) => response.end('{"keys":[]}'))
    passSeconds(599)
    expect(await read(token)).toMatchObject({ kind: 'external' })
    passSeconds(2)
    await expect(read(token)).rejects.toMatchObject(UNAUTHENTICATED)
  })
})

describe('while an issuer is away', () => {
  test('its tokens are good as long as its keys are known, and then neither good nor bad', async () => {
    const issuer = await startIssuer('EdDSA')
    const { read, away } = readerOf(issuer)
    const token = await issuer.sign('robin', {
      claims: { exp: Math.floor(Date.now() / 1000) + 3600 },
    })
    await read(token)
    await issuer.stop()
    passSeconds(599)
    expect(await read(token)).toMatchObject({ kind: 'external' })
    expect(away).toEqual([])
    passSeconds(2)
    await expect(read(token)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(away).toEqual([`${issuer.config.issuer} TypeError: fetch failed`])
  })

  test('the answer is 503 and says when to try again', async () => {
    const issuer = await startIssuer('EdDSA')
    const token = await issuer.sign('robin')
    await issuer.stop()
    const error: unknown = await readerOf(issuer)
      .read(token)
      .catch((thrown: unknown) => thrown)
    const errors = error instanceof ApiError ? [error] : []
    expect(refusalAnswer(errors, 'application/json')).toMatchObject({
      status: 503,
      headers: { 'Retry-After': '5' },
    })
  })

  test.each([
    ['answers with an error', (r: Response) => r.writeHead(500).end('{"keys":[]}')],
    ['sends elsewhere', (r: Response) => r.writeHead(302, { Location: '/other' }).end()],
    ['answers with what is no JSON', (r: Response) => r.end('<html>')],
    ['answers with what is no key set', (r: Response) => r.end('{"keys":{}}')],
    ['answers with too much', (r: Response) => r.end(`{"keys":[],"x":"${'x'.repeat(300_000)}"}`)],
    ['hangs up', (r: Response) => r.destroy()],
  ])('that is one which %s, its tokens are UNAVAILABLE', async (_what, answer) => {
    const issuer = await startIssuer('EdDSA')
    const { read, away } = readerOf(issuer)
    issuer.answerWith(answer)
    const token = await issuer.sign('robin')
    await expect(read(token)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(away).toHaveLength(1)
  })

  test('it is asked once in five seconds, and its return is noticed', async () => {
    const issuer = await startIssuer('EdDSA')
    const { read } = readerOf(issuer)
    const token = await issuer.sign('robin')
    issuer.answerWith((response) => response.writeHead(503).end())
    for (let i = 0; i < 3; i += 1) {
      await expect(read(token)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    }
    expect(issuer.questions()).toBe(1)
    issuer.answerWith(null)
    passSeconds(5)
    expect(await read(token)).toMatchObject({ kind: 'external' })
  })

  test('the tokens of others, and our own, are as good as ever', async () => {
    const [gone, there] = [await startIssuer('EdDSA'), await startIssuer('EdDSA')]
    await gone.stop()
    const { read, own } = readerOf(gone, there)
    await expect(read(await gone.sign('robin'))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(await read(await there.sign('robin'))).toMatchObject({ kind: 'external' })
    const { token } = await own.issue({ accountId: ACCOUNT, sessionId: ACCOUNT })
    expect(await read(token)).toMatchObject({ kind: 'own' })
  })
})
