import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { expect, test } from 'vitest'

import { createKeyFile, openVault } from '../../src/vault/key-file.ts'
import { startGateway } from '../support/started-gateway.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { testDatabase } from '../support/test-database.ts'

const database = await testDatabase()
const folder = await temporaryFolder()
const env = { DATABASE_URL: database.url, MAAT_KEYS: join(folder, 'keys.json') }
await createKeyFile(env.MAAT_KEYS)
await openVault(database, env.MAAT_KEYS)

const ADMIN = { username: 'root', email: 'root@example.org', role: 'admin' }

async function createAccount(over: Readonly<Record<string, string>> = {}) {
  const flags = Object.entries({ ...ADMIN, ...over }).map(([name, value]) => `--${name}=${value}`)
  return promisify(execFile)(process.execPath, ['src/bin/create-account.ts', ...flags], {
    env,
  }).catch(
    (error: { readonly code: number; readonly stdout: string; readonly stderr: string }) => error,
  )
}

test('the first administrator signs in by the link that is printed, once', async () => {
  const { stdout, stderr } = await createAccount()
  expect(stderr).toBe('')
  const token = new URL(stdout.trim()).hash.replace('#token=', '')
  const gateway = await startGateway({ ...env, MAAT_DATA: folder })
  const ask = async (query: string, authorization?: string) => {
    const answer = await fetch(`${gateway.origin}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(authorization === undefined ? {} : { authorization }),
      },
      body: JSON.stringify({ query, variables: { input: { token } } }),
    })
    return ((await answer.json()) as { readonly data: Record<string, Record<string, string>> }).data
  }
  const SIGN_IN =
    'mutation ($input: SignInWithLinkInput!) { signInWithLink(input: $input) { ... on SignedIn { accessToken } ... on Problem { code } } }'
  const { signInWithLink } = await ask(SIGN_IN)
  const me = await ask(
    '{ me { username role status } }',
    `Bearer ${signInWithLink?.['accessToken']}`,
  )
  expect(me).toEqual({ me: { username: 'root', role: 'ADMIN', status: 'ACTIVE' } })
  expect(await ask(SIGN_IN)).toEqual({ signInWithLink: { code: 'LINK_INVALID' } })
})

test.each([
  ['username', 'x', 'an id', '2 to 40'],
  ['email', 'nobody', 'no address', 'an e-mail address'],
  ['role', 'boss', 'no role', 'one of user'],
])(
  'a wrong --%s is told with what is accepted, and makes nothing',
  async (flag, value, _what, accepted) => {
    const failed = await createAccount({
      username: 'other',
      email: 'other@example.org',
      [flag]: value,
    })
    expect(failed).toMatchObject({ code: 1, stdout: '' })
    expect(failed.stderr).toContain(`--${flag} is "${value}"; accepted: ${accepted}`)
    const { rows } = await database.pool.query("select from account where username = 'other'")
    expect(rows).toEqual([])
  },
)

test('a name or an address that is taken makes nothing', async () => {
  await createAccount({ username: 'Taken', email: 'taken@example.org' })
  expect((await createAccount({ username: 'taken', email: 'a@example.org' })).stderr).toContain(
    '--username',
  )
  expect((await createAccount({ username: 'free', email: 'TAKEN@example.org' })).stderr).toContain(
    '--email',
  )
})
