import { readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { parseKey } from '../../src/auth/api-key.ts'
import { type DemoContext, ensureDemo } from '../../src/seed/ensure-demo.ts'
import { insertAccount } from '../support/account.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { testDatabase } from '../support/test-database.ts'
import { testVault } from '../support/test-vault.ts'

const NOW = new Date('2026-03-01T12:00:00Z')

async function demoContext() {
  const data = await temporaryFolder()
  return { database: await testDatabase(), vault: testVault(), clock: () => NOW, data }
}

/** Whether a start gives a key, and another one than this. */
async function isMadeAnew(context: DemoContext, before: string | null): Promise<boolean> {
  const { key } = await ensureDemo(context)
  return parseKey(key ?? '').kind === 'key' && key !== before
}

test('an empty database is seeded and gets a key of the demo account, kept for its owner alone', async () => {
  const context = await demoContext()
  const { key, keyFile } = await ensureDemo(context)
  expect(parseKey(key ?? '').kind).toBe('key')
  expect(await readFile(keyFile, 'utf8')).toBe(`${key}\n`)
  expect((await stat(keyFile)).mode & 0o777).toBe(0o600)
  expect(await readdir(context.data)).toEqual(['demo-key'])
  const keys = await context.database.kysely
    .selectFrom('api_key')
    .innerJoin('account', 'account.id', 'api_key.account_id')
    .select(['username', 'level', 'expires_at'])
    .execute()
  const inAYear = new Date('2027-03-01T12:00:00Z')
  expect(keys).toEqual([{ username: 'demo', level: 3, expires_at: inAYear }])
})

test('a later start gives the same key', async () => {
  const context = await demoContext()
  const { key } = await ensureDemo(context)
  expect(await ensureDemo(context)).toMatchObject({ key })
})

test('a key that expired is made anew', async () => {
  const context = await demoContext()
  const { key } = await ensureDemo(context)
  const later = { ...context, clock: () => new Date('2027-03-01T12:00:00Z') }
  const fresh = await ensureDemo(later)
  expect(fresh.key).not.toBe(key)
  expect(await ensureDemo(later)).toMatchObject({ key: fresh.key })
})

test('a key that was revoked is made anew', async () => {
  const context = await demoContext()
  const { key } = await ensureDemo(context)
  await context.database.kysely
    .updateTable('api_key')
    .set({ revoked_at: NOW, revocation_reason: 'owner' })
    .execute()
  expect(await isMadeAnew(context, key)).toBe(true)
})

test('a key of a database that is gone is made anew', async () => {
  const context = await demoContext()
  const { key } = await ensureDemo(context)
  const fresh = { ...context, database: await testDatabase(), vault: testVault() }
  expect(await isMadeAnew(fresh, key)).toBe(true)
})

test('a file that holds something else is replaced', async () => {
  const context = await demoContext()
  await writeFile(join(context.data, 'demo-key'), 'something else')
  expect(await isMadeAnew(context, 'something else')).toBe(true)
})

test('a database of other accounts gets neither data nor a key', async () => {
  const context = await demoContext()
  await insertAccount(context.database, context.vault)
  expect(await ensureDemo(context)).toMatchObject({ key: null })
  expect(await context.database.kysely.selectFrom('curated_set').select('id').execute()).toEqual([])
  expect(await readdir(context.data)).toEqual([])
})

test('somebody else who is called demo is given no key', async () => {
  const context = await demoContext()
  await insertAccount(context.database, context.vault, { username: 'Demo' })
  expect((await ensureDemo(context)).key).toBeNull()
})

test('a data folder that is not there yet is made', async () => {
  const context = await demoContext()
  const { key, keyFile } = await ensureDemo({ ...context, data: join(context.data, 'new', 'data') })
  expect(await readFile(keyFile, 'utf8')).toBe(`${key}\n`)
})

test('a key that can not be kept is not stored, and the reason names MAAT_DATA', async () => {
  const context = await demoContext()
  const data = join(context.data, 'link')
  await symlink(join(context.data, 'gone', 'folder'), data)
  await expect(ensureDemo({ ...context, data })).rejects.toThrow(/can not be written .*MAAT_DATA/)
  expect(await context.database.kysely.selectFrom('api_key').select('id').execute()).toEqual([])
})
