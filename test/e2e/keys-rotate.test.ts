import { join } from 'node:path'

import { v7 } from 'uuid'
import { expect, test } from 'vitest'

import { createSessionTokens } from '../../src/auth/session-token/session-tokens.ts'
import { createSigningKeys } from '../../src/auth/session-token/signing-keys.ts'
import { systemClock } from '../../src/clock.ts'
import { openOrCreateVault, openVault, readKeyFile } from '../../src/vault/key-file.ts'
import { insertAccount } from '../support/account.ts'
import { sendRequest } from '../support/http-request.ts'
import { startIssuer } from '../support/local-issuer.ts'
import { runCommand } from '../support/run-command.ts'
import { startGateway } from '../support/started-gateway.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { testDatabase } from '../support/test-database.ts'

/** A session of an account, and two gateways over its database and one key file. */
async function twoGateways() {
  const folder = await temporaryFolder()
  const keyFile = join(folder, 'keys.json')
  const database = await testDatabase()
  const vault = await openOrCreateVault(database, keyFile)
  const accountId = await insertAccount(database, vault, { username: 'Robin' })
  const session = { accountId, sessionId: v7() }
  const now = new Date()
  await database.kysely
    .insertInto('session')
    .values({
      id: session.sessionId,
      account_id: accountId,
      label: '',
      method: 'password',
      expires_at: new Date(now.getTime() + 3_600_000),
      last_used_at: now,
      created_at: now,
    })
    .execute()
  const issuer = await startIssuer('ES256')
  const env = { DATABASE_URL: database.url, MAAT_KEYS: keyFile, MAAT_DATA: folder }
  const start = () => startGateway({ ...env, MAAT_ISSUERS: JSON.stringify([issuer.config]) })
  const origins = [(await start()).origin, (await start()).origin]
  return {
    origins,
    issuer,
    rotate: (...flags: string[]) => runCommand('keys-rotate', flags, env),
    signingKey: async () => (await readKeyFile(keyFile)).sessions.current,
    /** A token for each gateway, as one that starts now at its address would sign it. */
    freshTokens: async () => {
      const keys = createSigningKeys(await openVault(database, keyFile))
      const issued = origins.map((origin) =>
        createSessionTokens({ keys, issuer: origin, clock: systemClock }).issue(session),
      )
      return (await Promise.all(issued)).map(({ token }) => token)
    },
  }
}

function ask(origin: string, token: string | undefined) {
  return sendRequest(origin, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: '{"query":"{ me { username } }"}',
  })
}

/** What each gateway says to the token for it: who its bearer is, or a status. */
async function answersTo(origins: readonly string[], tokens: readonly string[]) {
  const answers = await Promise.all(origins.map((origin, i) => ask(origin, tokens[i])))
  return answers.map(({ status, body }) =>
    status === 200 ? JSON.parse(body).data.me.username : status,
  )
}

test('a rotation ends no session on any gateway; after a leak it ends what the leaked keys signed', async () => {
  const { origins, rotate, signingKey, freshTokens } = await twoGateways()
  const first = await signingKey()
  const [early, unseen] = [await freshTokens(), await freshTokens()]
  expect(await answersTo(origins, early)).toEqual(['Robin', 'Robin'])

  expect(await rotate()).toMatchObject({ code: 0 })
  const second = await signingKey()
  expect(await answersTo(origins, await freshTokens())).toEqual(['Robin', 'Robin'])
  expect(await answersTo(origins, unseen)).toEqual(['Robin', 'Robin'])
  const published = await Promise.all(
    origins.map((origin) => sendRequest(origin, { path: '/.well-known/jwks.json' })),
  )
  expect(published.map(({ body }) => kidsIn(body))).toEqual([
    [first, second],
    [first, second],
  ])

  const leaked = await freshTokens()
  expect(await rotate('--leaked')).toMatchObject({ code: 0 })
  expect(await answersTo(origins, await freshTokens())).toEqual(['Robin', 'Robin'])
  expect(await answersTo(origins, leaked)).toEqual([401, 401])
})

test('a token of another issuer is good on every gateway, and 503 where its keys were never to be had', async () => {
  const { origins, issuer } = await twoGateways()
  const [one = '', other = ''] = origins
  const early = await issuer.sign('robin')
  expect((await ask(one, early)).status).toBe(200)
  await issuer.stop()
  const late = await issuer.sign('robin', { claims: { jti: 'late' } })
  expect(await answersTo(origins, [late, late])).toEqual(['Robin', 503])
  expect((await ask(other, late)).headers['retry-after']).toBe('5')
})

function kidsIn(body: string): unknown[] {
  const { keys }: { keys: { kid: unknown }[] } = JSON.parse(body)
  return keys.map(({ kid }) => kid)
}
