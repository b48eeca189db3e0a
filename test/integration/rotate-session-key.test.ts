import { join } from 'node:path'

import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { createSessionTokens } from '../../src/auth/session-token/session-tokens.ts'
import { createSigningKeys } from '../../src/auth/session-token/signing-keys.ts'
import { openOrCreateVault, openVault, readKeyFile } from '../../src/vault/key-file.ts'
import { rotateSessionKey } from '../../src/vault/rotate-session-key.ts'
import { rotateVault } from '../../src/vault/rotate.ts'
import type { Vault } from '../../src/vault/vault.ts'
import { runCommand } from '../support/run-command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { type TestDatabase, testDatabase } from '../support/test-database.ts'

const SESSION = {
  accountId: '018f4e6a-0000-7000-8000-000000000001',
  sessionId: '018f4e6a-0000-7000-8000-000000000002',
}

async function freshDatabase() {
  const folder = await temporaryFolder()
  const keyFile = join(folder, 'keys.json')
  const database = await testDatabase()
  const vault = await openOrCreateVault(database, keyFile)
  const rotate = (forget: 'outlived' | 'all' = 'outlived') =>
    rotateSessionKey({ database, keyFile, validSeconds: 600, forget })
  return { database, keyFile, vault, rotate }
}

/** The tokens of a gateway that started with this vault. */
function tokensOf(vault: Vault) {
  const keys = createSigningKeys(vault)
  return createSessionTokens({ keys, issuer: 'https://maat.example', clock: () => new Date() })
}

test('a token of the key before a rotation is good after it, and both keys are published', async () => {
  const { vault, rotate } = await freshDatabase()
  const tokens = tokensOf(vault)
  const before = vault.sessionKeys().current
  const { token } = await tokens.issue(SESSION)
  const { keyId, kept, forgotten } = await rotate()
  expect({ kept, forgotten }).toEqual({ kept: [before], forgotten: [] })
  // As a token of the fresh key would, were it the first to arrive.
  vault.sessionKeys(keyId)
  expect(await tokens.verify(token)).toMatchObject(SESSION)
  expect((await tokens.jwks()).keys.map(({ kid }) => kid)).toEqual([before, keyId])
})

test('a gateway verifies a token of a key that is younger than itself at once', async () => {
  const { database, keyFile, vault, rotate } = await freshDatabase()
  const started = tokensOf(vault)
  await rotate()
  const { token } = await tokensOf(await openVault(database, keyFile)).issue(SESSION)
  expect(await started.verify(token)).toMatchObject(SESSION)
})

test('two keys before the last stay while what they signed may be valid', async () => {
  const { database, keyFile, vault, rotate } = await freshDatabase()
  const tokens = tokensOf(vault)
  const { token } = await tokens.issue(SESSION)
  await rotate()
  expect((await rotate()).forgotten).toEqual([])
  expect((await readKeyFile(keyFile)).sessions.keys.size).toBe(3)
  expect(await tokensOf(await openVault(database, keyFile)).verify(token)).toMatchObject(SESSION)
})

test('a key goes once a later one has signed for longer than tokens are valid', async () => {
  const { database, keyFile, vault, rotate } = await freshDatabase()
  const first = vault.sessionKeys().current
  const second = await rotate()
  await makeOlder(database, [first, second.keyId])
  const third = await rotate()
  expect(third).toMatchObject({ kept: [second.keyId], forgotten: [first] })
  const kept = [second.keyId, third.keyId]
  expect([...(await readKeyFile(keyFile)).sessions.keys.keys()]).toEqual(kept)
  expect((await recorded(database)).toSorted()).toEqual(kept.toSorted())
})

test('the key before the last stays, however old it is', async () => {
  const { database, vault, rotate } = await freshDatabase()
  const first = vault.sessionKeys().current
  await makeOlder(database, [first])
  expect(await rotate()).toMatchObject({ kept: [first], forgotten: [] })
})

test('after a leak nothing is good that an earlier key signed, and the database opens as before', async () => {
  const { database, keyFile, vault, rotate } = await freshDatabase()
  const tokens = tokensOf(vault)
  const first = vault.sessionKeys().current
  const { token } = await tokens.issue(SESSION)
  const { keyId, kept, forgotten } = await rotate('all')
  expect({ kept, forgotten }).toEqual({ kept: [], forgotten: [first] })
  expect(await recorded(database)).toEqual([keyId])
  vault.sessionKeys(keyId)
  await expect(tokens.verify(token)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  await openVault(database, keyFile)
})

test('a key file of another database is refused, and left as it is', async () => {
  const { keyFile } = await freshDatabase()
  const { database } = await freshDatabase()
  const before = await readKeyFile(keyFile)
  await expect(
    rotateSessionKey({ database, keyFile, validSeconds: 600, forget: 'all' }),
  ).rejects.toThrow('of this database')
  expect(await readKeyFile(keyFile)).toEqual(before)
})

test('of two rotations at once, whatever they rotate, one is refused: neither loses a key of the other', async () => {
  const { database, keyFile, rotate } = await freshDatabase()
  const outcomes = await Promise.allSettled([rotateVault({ database, keyFile }), rotate()])
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  const { fields, sessions } = await readKeyFile(keyFile)
  expect(fields.keys.size + sessions.keys.size).toBe(3)
})

test('the command says in one line which key signs and what becomes of the others', async () => {
  const { database, keyFile } = await freshDatabase()
  const env = { DATABASE_URL: database.url, MAAT_KEYS: keyFile }
  const first = (await readKeyFile(keyFile)).sessions.current
  const plain = await runCommand('keys-rotate', [], env)
  const second = (await readKeyFile(keyFile)).sessions.current
  expect(plain).toEqual({
    code: 0,
    stdout: `Sessions are signed by ${second} from now on. What ${first} signed stays good until it expires.\n`,
    stderr: '',
  })
  const leaked = await runCommand('keys-rotate', ['--leaked'], env)
  const third = (await readKeyFile(keyFile)).sessions.current
  expect(leaked.stdout).toBe(
    `Sessions are signed by ${third} from now on. Forgot ${first}, ${second}.\n`,
  )
  const lost = await runCommand('keys-rotate', ['--all'], env)
  expect(lost).toMatchObject({ code: 1, stdout: '' })
  expect(lost.stderr).toContain('Usage: npm run keys:rotate [-- --leaked]')
})

/** As though they had been made an hour earlier. */
async function makeOlder(database: TestDatabase, ids: readonly string[]): Promise<void> {
  await database.kysely
    .updateTable('vault_key')
    .set({ created_at: sql<Date>`created_at - interval '1 hour'` })
    .where('purpose', '=', 'sessions')
    .where('key_id', 'in', ids)
    .execute()
}

async function recorded(database: TestDatabase): Promise<readonly string[]> {
  const rows = await database.kysely
    .selectFrom('vault_key')
    .select('key_id')
    .where('purpose', '=', 'sessions')
    .execute()
  return rows.map(({ key_id: id }) => id)
}
