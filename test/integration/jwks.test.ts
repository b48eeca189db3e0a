import { createRemoteJWKSet, jwtVerify } from 'jose'
import { expect, test } from 'vitest'

import { createSessionTokens } from '../../src/auth/session-token/session-tokens.ts'
import { createSigningKeys } from '../../src/auth/session-token/signing-keys.ts'
import { systemClock } from '../../src/clock.ts'
import { createCorsPolicy } from '../../src/http/cors.ts'
import { jwksRoutes } from '../../src/http/jwks.ts'
import { createHttpServer } from '../../src/http/server.ts'
import { createKeyRing, printKeyRing, withFreshKey } from '../../src/vault/key-ring.ts'
import { createVault } from '../../src/vault/vault.ts'
import { sendRequest } from '../support/http-request.ts'
import { whenDone } from '../support/when-done.ts'

const PATH = '/.well-known/jwks.json'
const ring = withFreshKey(createKeyRing(), 'sessions')

async function served() {
  const keys = createSigningKeys(createVault(ring))
  const tokens = createSessionTokens({ keys, issuer: 'https://maat.example', clock: systemClock })
  const log = { error: () => {}, warn: () => {} }
  const server = createHttpServer({ cors: createCorsPolicy([]), log })
  const port = await server.listen({ port: 0, host: '127.0.0.1' })
  whenDone(() => server.close(0))
  server.serve(jwksRoutes(tokens), () => Promise.resolve(true))
  return { origin: `http://127.0.0.1:${port}`, tokens }
}

test('whoever has a token of a session can check it against the published keys', async () => {
  const { origin, tokens } = await served()
  const accountId = '018f4e6a-0000-7000-8000-000000000001'
  const { token } = await tokens.issue({ accountId, sessionId: accountId })
  const keys = createRemoteJWKSet(new URL(PATH, origin))
  const { payload } = await jwtVerify(token, keys, { issuer: 'https://maat.example' })
  expect(payload.sub).toMatch(/^acc_/)
})

test('the keys may be kept for a minute, by pages of any origin', async () => {
  const { origin } = await served()
  const headers = { origin: 'https://app.example' }
  const { status, headers: fields } = await sendRequest(origin, { path: PATH, headers })
  expect(status).toBe(200)
  expect(fields).toMatchObject({
    'content-type': 'application/jwk-set+json; charset=utf-8',
    'cache-control': 'public, max-age=60',
    'access-control-allow-origin': '*',
  })
})

test('all keys are published, and nothing that is secret', async () => {
  const { origin } = await served()
  const { body } = await sendRequest(origin, { path: PATH })
  const { keys }: { keys: Record<string, string>[] } = JSON.parse(body)
  expect(keys.map(({ kid }) => kid)).toEqual([...ring.sessions.keys.keys()])
  expect(Object.keys(keys[0] ?? {}).toSorted()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x'])
  const secrets = [...printKeyRing(ring).matchAll(/"([\w+/]{43}=)"/g)].map(([, text]) => text)
  expect(secrets).toHaveLength(5)
  const published = keys.map(({ x = '' }) => Buffer.from(x, 'base64url').toString('base64'))
  expect(published.filter((text) => secrets.includes(text))).toEqual([])
})

test('the keys are only read', async () => {
  const { origin } = await served()
  const { status, headers } = await sendRequest(origin, { path: PATH, method: 'POST' })
  expect([status, headers['content-type']]).toEqual([405, 'application/json; charset=utf-8'])
  const head = await sendRequest(origin, { path: PATH, method: 'HEAD' })
  expect([head.status, head.body]).toEqual([200, ''])
})
