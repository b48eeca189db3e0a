import { randomBytes } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import {
  createKeyFile,
  openOrCreateVault,
  openVault,
  readKeyFile,
} from '../../src/vault/key-file.ts'
import { place } from '../../src/vault/sealed-rows.ts'
import { insertAccount } from '../support/account.ts'
import { insertSets } from '../support/sealed-rows.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { testDatabase } from '../support/test-database.ts'

async function keyFile(): Promise<string> {
  const folder = await temporaryFolder()
  return join(folder, 'keys.json')
}

test('the first use of an empty database records the fingerprints of all keys in use', async () => {
  const database = await testDatabase()
  const path = await keyFile()
  const ring = await createKeyFile(path)
  await openVault(database, path)
  const recorded = await database.kysely
    .selectFrom('vault_key')
    .select(['purpose', 'key_id'])
    .orderBy('purpose')
    .execute()
  expect(recorded).toEqual([
    { purpose: 'fields', key_id: ring.fields.current },
    { purpose: 'index', key_id: ring.index.current },
    { purpose: 'sessions', key_id: ring.sessions.current },
    { purpose: 'pepper', key_id: ring.pepper.current },
  ])
})

test('the same key file opens the database again and again', async () => {
  const database = await testDatabase()
  const path = await keyFile()
  await createKeyFile(path)
  const sealed = (await openVault(database, path)).seal('Robin', 'place')
  expect((await openVault(database, path)).open(sealed, 'place')).toBe('Robin')
})

test('the key file of another database stops the start, and nothing is recorded', async () => {
  const database = await testDatabase()
  const [own, foreign] = [await keyFile(), await keyFile()]
  await createKeyFile(own)
  await createKeyFile(foreign)
  await openVault(database, own)
  await expect(openVault(database, foreign)).rejects.toThrow(/lacks the .* key/)
  await openVault(database, own)
})

test('another key under a recorded id stops the start', async () => {
  const database = await testDatabase()
  const path = await keyFile()
  const ring = await createKeyFile(path)
  await openVault(database, path)
  const key = ring.index.keys.get(ring.index.current)?.toString('base64') ?? ''
  const text = await readFile(path, 'utf8')
  await writeFile(path, text.replace(key, randomBytes(32).toString('base64')))
  await expect(openVault(database, path)).rejects.toThrow(/holds another index key/)
})

test('two gateways with one key file may meet an empty database at once', async () => {
  const database = await testDatabase()
  const path = await keyFile()
  await createKeyFile(path)
  await Promise.all([openVault(database, path), openVault(database, path)])
  expect(await database.kysely.selectFrom('vault_key').selectAll().execute()).toHaveLength(4)
})

test('of two gateways that bring different key files to an empty database one is refused', async () => {
  const database = await testDatabase()
  const paths = [await keyFile(), await keyFile()]
  for (const path of paths) await createKeyFile(path)
  const outcomes = await Promise.allSettled(paths.map((path) => openVault(database, path)))
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect(await database.kysely.selectFrom('vault_key').selectAll().execute()).toHaveLength(4)
})

test('a database that comes into being gets a key file; one that lost its file does not', async () => {
  const database = await testDatabase()
  const path = await keyFile()
  await openOrCreateVault(database, path)
  await readKeyFile(path)
  await rm(path)
  for (const open of [openOrCreateVault, openVault]) {
    await expect(open(database, path)).rejects.toThrow(/was sealed under one. Restore it/)
  }
  await expect(readKeyFile(path)).rejects.toThrow(/There is no key file/)
})

test('a row whose owner was changed in the database does not open', async () => {
  const database = await testDatabase()
  const path = await keyFile()
  const vault = await openOrCreateVault(database, path)
  const [owner, thief] = [
    await insertAccount(database, vault),
    await insertAccount(database, vault),
  ]
  await insertSets(database, vault, owner, ['Robin'])
  await database.kysely.updateTable('measurement_set').set({ account_id: thief }).execute()
  const row = await database.kysely
    .selectFrom('measurement_set')
    .selectAll()
    .executeTakeFirstOrThrow()
  const at = place('measurement_set', 'label', { row: row.id, owner: row.account_id })
  expect(() => vault.open(row.label, at)).toThrow('altered')
})
