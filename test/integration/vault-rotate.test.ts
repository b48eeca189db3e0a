import { join } from 'node:path'

import { expect, test } from 'vitest'

import {
  openOrCreateVault,
  openVault,
  readKeyFile,
  replaceKeyFile,
} from '../../src/vault/key-file.ts'
import { withFreshKey } from '../../src/vault/key-ring.ts'
import { rotateVault } from '../../src/vault/rotate.ts'
import { place } from '../../src/vault/sealed-rows.ts'
import type { Vault } from '../../src/vault/vault.ts'
import { insertAccount } from '../support/account.ts'
import { insertSets } from '../support/sealed-rows.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { type TestDatabase, testDatabase } from '../support/test-database.ts'

const NAMES = Array.from({ length: 450 }, (_, i) => `Set ${i}`)

async function sealedDatabase() {
  const folder = await temporaryFolder()
  const keyFile = join(folder, 'keys.json')
  const database = await testDatabase()
  const vault = await openOrCreateVault(database, keyFile)
  const owner = await insertAccount(database, vault)
  await insertSets(database, vault, owner, NAMES)
  return { database, keyFile, vault, owner }
}

test('after a rotation every row is sealed under the new key and reads as before', async () => {
  const { database, keyFile } = await sealedDatabase()
  const { keyId, kind, rows, unopened } = await rotateVault({ database, keyFile })
  expect({ kind, rows, unopened }).toEqual({ kind: 'fresh', rows: 451, unopened: [] })
  expect((await readKeyFile(keyFile)).fields.current).toBe(keyId)
  expect(await keysInUse(database)).toEqual([keyId])
  expect(await namesOf(database, await openVault(database, keyFile))).toEqual(NAMES)
})

test('a rotation leaves versions and times of change alone', async () => {
  const { database, keyFile } = await sealedDatabase()
  const before = await plainColumns(database)
  await rotateVault({ database, keyFile })
  expect(await plainColumns(database)).toEqual(before)
})

test('a gateway that started before a rotation reads its rows and seals under its key', async () => {
  const { database, keyFile, vault } = await sealedDatabase()
  const { keyId } = await rotateVault({ database, keyFile })
  expect(await namesOf(database, vault)).toEqual(NAMES)
  expect(vault.seal('new', 'place').startsWith(`${keyId}.`)).toBe(true)
})

test('a rotation that was cut short is completed by the next, without a further key', async () => {
  const { database, keyFile } = await sealedDatabase()
  const stop = new Error('killed')
  await expect(
    rotateVault({
      database,
      keyFile,
      onProgress: (rows) => {
        if (rows > 200) throw stop
      },
    }),
  ).rejects.toBe(stop)
  const { current } = (await readKeyFile(keyFile)).fields
  expect(await keysInUse(database)).toHaveLength(2)
  const rotation = await rotateVault({ database, keyFile })
  expect(rotation).toMatchObject({ kind: 'resumed', keyId: current, unopened: [] })
  expect(await keysInUse(database)).toEqual([current])
  expect(await namesOf(database, await openVault(database, keyFile))).toEqual(NAMES)
})

test('a rotation cut short right after its key was made is completed by the next', async () => {
  const { database, keyFile } = await sealedDatabase()
  const ring = withFreshKey(await readKeyFile(keyFile), 'fields')
  await replaceKeyFile(keyFile, ring)
  const rotation = await rotateVault({ database, keyFile })
  expect(rotation).toMatchObject({ kind: 'resumed', keyId: ring.fields.current, rows: 451 })
})

test('a row that is written while a rotation runs keeps what was written', async () => {
  const { database, keyFile, vault, owner } = await sealedDatabase()
  const row = await database.kysely.selectFrom('measurement_set').select('id').limit(1).execute()
  const id = row[0]?.id ?? ''
  const label = vault.seal('Renamed', place('measurement_set', 'label', { row: id, owner }))
  let written: Promise<unknown> | undefined
  const rotation = await rotateVault({
    database,
    keyFile,
    onProgress: () => {
      written ??= database.kysely
        .updateTable('measurement_set')
        .set({ label })
        .where('id', '=', id)
        .execute()
    },
  })
  await written
  await rotateVault({ database, keyFile })
  expect(rotation.unopened).toEqual([])
  expect(await namesOf(database, vault)).toContain('Renamed')
})

test('a row that does not open is named and left as it is', async () => {
  const { database, keyFile, owner } = await sealedDatabase()
  const [id = ''] = await idsOf(database)
  const broken = 'kdeadbeef.AAAA'
  await database.kysely
    .updateTable('measurement_set')
    .set({ label: broken })
    .where('id', '=', id)
    .execute()
  const { unopened, rows } = await rotateVault({ database, keyFile })
  expect(unopened).toEqual([place('measurement_set', 'label', { row: id, owner })])
  expect(rows).toBe(450)
  const left = await database.kysely
    .selectFrom('measurement_set')
    .select('label')
    .where('id', '=', id)
    .executeTakeFirst()
  expect(left).toEqual({ label: broken })
})

test('the key before the last stays; older ones leave the file and the database', async () => {
  const { database, keyFile } = await sealedDatabase()
  const first = (await readKeyFile(keyFile)).fields.current
  const second = await rotateVault({ database, keyFile })
  expect(second.forgotten).toEqual([])
  const third = await rotateVault({ database, keyFile })
  expect(third.forgotten).toEqual([first])
  const kept = [second.keyId, third.keyId]
  expect([...(await readKeyFile(keyFile)).fields.keys.keys()]).toEqual(kept)
  const recorded = await database.kysely
    .selectFrom('vault_key')
    .select('key_id')
    .where('purpose', '=', 'fields')
    .execute()
  expect(recorded.map(({ key_id: id }) => id).toSorted()).toEqual(kept.toSorted())
  await openVault(database, keyFile)
})

test('an old key that a row still uses stays', async () => {
  const { database, keyFile, vault } = await sealedDatabase()
  const first = (await readKeyFile(keyFile)).fields.current
  const [id = ''] = await idsOf(database)
  // Sealed for another place: it names the first key and never opens here.
  const label = vault.seal('moved', 'elsewhere')
  await database.kysely.updateTable('measurement_set').set({ label }).where('id', '=', id).execute()
  await rotateVault({ database, keyFile })
  expect((await rotateVault({ database, keyFile })).forgotten).toEqual([])
  expect((await readKeyFile(keyFile)).fields.keys.has(first)).toBe(true)
})

test('two rotations at once: one is refused', async () => {
  const { database, keyFile } = await sealedDatabase()
  const outcomes = await Promise.allSettled([
    rotateVault({ database, keyFile }),
    rotateVault({ database, keyFile }),
  ])
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect((await readKeyFile(keyFile)).fields.keys.size).toBe(2)
})

test('progress ends at the total', async () => {
  const { database, keyFile } = await sealedDatabase()
  const seen: [number, number][] = []
  await rotateVault({
    database,
    keyFile,
    onProgress: (rows, total) => {
      seen.push([rows, total])
    },
  })
  expect(seen.at(-1)).toEqual([451, 451])
  expect(seen.length).toBeGreaterThan(2)
})

async function namesOf(database: TestDatabase, vault: Vault): Promise<string[]> {
  const rows = await database.kysely
    .selectFrom('measurement_set')
    .select(['id', 'account_id', 'label'])
    .orderBy('id')
    .execute()
  return rows.map(({ id, account_id: owner, label }) =>
    vault.open(label, place('measurement_set', 'label', { row: id, owner })),
  )
}

async function idsOf(database: TestDatabase): Promise<string[]> {
  const rows = await database.kysely.selectFrom('measurement_set').select('id').execute()
  return rows.map(({ id }) => id)
}

async function plainColumns(database: TestDatabase): Promise<unknown> {
  return database.kysely
    .selectFrom('measurement_set')
    .select(['id', 'label_index', 'version', 'updated_at', 'measured'])
    .orderBy('id')
    .execute()
}

/** The ids of the keys that the sealed values of sets and accounts name. */
async function keysInUse(database: TestDatabase): Promise<string[]> {
  const sets = await database.kysely
    .selectFrom('measurement_set')
    .select(['label', 'body'])
    .execute()
  const accounts = await database.kysely.selectFrom('account').select(['label', 'body']).execute()
  const values = [...sets, ...accounts].flatMap(({ label, body }) => [label, body])
  return [...new Set(values.map((value) => value.split('.')[0] ?? ''))]
}
