import { readFile, readdir } from 'node:fs/promises'

import { expect, test } from 'vitest'

import { connectDatabase } from '../../../src/database/connect.ts'
import { migrateToLatest, schemaState } from '../../../src/database/migrate.ts'
import { query } from '../../support/postgres.ts'
import { emptyDatabase, testDatabase } from '../../support/test-database.ts'
import { whenDone } from '../../support/when-done.ts'

const FOLDER = new URL('../../../db/migrations/', import.meta.url)
const files = (await readdir(FOLDER)).toSorted()
const names = files.map((file) => file.replace('.sql', ''))
const { url, kysely } = await testDatabase()

async function unmigrated() {
  const database = connectDatabase({ url: await emptyDatabase(), applicationName: 'maat' })
  whenDone(database.close)
  return database
}

test('a new database lacks every migration, a migrated one lacks none', async () => {
  const database = await unmigrated()
  expect(await schemaState(database.kysely)).toEqual({ missing: names, unknown: [] })
  expect(await migrateToLatest(database.kysely)).toEqual(names)
  expect(await schemaState(database.kysely)).toEqual({ missing: [], unknown: [] })
})

test('of two migrators at once one runs, the other waits and finds nothing to do', async () => {
  const database = await unmigrated()
  const ran = await Promise.all([
    migrateToLatest(database.kysely),
    migrateToLatest(database.kysely),
  ])
  expect(ran.flat()).toEqual(names)
})

test('a migrator waits for another one longer than a request may take', async () => {
  const database = await unmigrated()
  await migrateToLatest(database.kysely)
  const other = await database.pool.connect()
  await other.query('select pg_advisory_lock(3853314791062309107)')
  const migration = migrateToLatest(database.kysely)
  await other.query('set statement_timeout = 0')
  await other.query('select pg_sleep(2.2)')
  other.release(true)
  expect(await migration).toEqual([])
})

test('a migration that fails changes nothing and stops with its name and the reason', async () => {
  const database = await unmigrated()
  await database.pool.query('create table account (id int)')
  await expect(migrateToLatest(database.kysely)).rejects.toThrow(
    /^Migration 0001_foundation failed and nothing was changed: .*"account" already exists$/,
  )
  expect(await schemaState(database.kysely)).toEqual({ missing: names, unknown: [] })
  const types = await query(
    database.pool.options.connectionString ?? '',
    `select from pg_type where typname = 'account_role'`,
  )
  expect(types).toEqual([])
})

test('a migrator refuses a database that a newer release has migrated', async () => {
  const database = await testDatabase()
  await database.pool.query(`insert into kysely_migration values ('9999_new', '2030')`)
  expect(await schemaState(database.kysely)).toEqual({ missing: [], unknown: ['9999_new'] })
  await expect(migrateToLatest(database.kysely)).rejects.toThrow('9999_new')
})

test('the session limits of a request are back after a migration', async () => {
  const { kysely: db, pool } = await testDatabase({ max: 1 })
  await migrateToLatest(db)
  const limits = `select current_setting('statement_timeout') as s, current_setting('idle_in_transaction_session_timeout') as i`
  expect((await pool.query(limits)).rows).toEqual([{ s: '2s', i: '5s' }])
})

test('migrations are numbered without a gap', () => {
  const numbers = names.map((name) => Number(name.slice(0, 4)))
  expect(numbers).toEqual(names.map((_, index) => index + 1))
})

test('every table says what it holds', async () => {
  const silent = await query(
    url,
    `select relname from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
       and relname not like 'kysely_%' and coalesce(obj_description(oid), '') = ''`,
  )
  expect(silent).toEqual([])
})

test('every foreign key has an index that begins with its columns', async () => {
  const bare = await query(
    url,
    `select conname from pg_constraint k
     where contype = 'f' and not exists (
       select from pg_index i where i.indrelid = k.conrelid and i.indpred is null
         and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey
         and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] <@ k.conkey)`,
  )
  expect(bare).toEqual([])
})

test('every entity has a uuid as its key and says when it was made; one that is edited also when, and which version it is', async () => {
  const columns = await query(
    url,
    `select table_name as table, string_agg(column_name || ' ' || data_type || ' ' || is_nullable, ', ' order by column_name) as columns
     from information_schema.columns
     where table_schema = 'public' and column_name in ('id', 'created_at', 'updated_at', 'version')
       and table_name in (select table_name from information_schema.columns where table_schema = 'public' and column_name = 'id')
       and table_name not like 'kysely_%'
     group by table_name order by table_name`,
  )
  const entity =
    'created_at timestamp with time zone NO, id uuid NO, updated_at timestamp with time zone NO, version integer NO'
  const edited = columns.filter((row) => row['columns'] === entity)
  expect(edited.map((row) => row['table'])).toEqual(
    expect.arrayContaining([
      'account',
      'api_key',
      'bookmark',
      'curated_set',
      'measurement_set',
      'pattern',
    ]),
  )
  const written = 'created_at timestamp with time zone NO, id uuid NO'
  const odd = columns.filter(({ columns: own }) => own !== entity && own !== written)
  expect(odd).toEqual([])
})

test('ids are made by the gateway: no table has a default for its own', async () => {
  const defaults = await query(
    url,
    `select table_name from information_schema.columns
     where table_schema = 'public' and column_name = 'id' and table_name not like 'kysely_%'
       and (column_default is not null or is_identity = 'YES')`,
  )
  expect(defaults).toEqual([])
})

test.each(files)('%s uses nothing newer than PostgreSQL 15', async (file) => {
  const text = await readFile(new URL(file, FOLDER), 'utf8')
  const newer =
    /\b(uuidv[47]|uuid_extract_\w+|any_value|json_table|json_scalar|json_serialize|json_object|json_array|json_arrayagg|json_objectagg|is\s+json|random_normal|array_shuffle|array_sample|date_add|to_bin|to_oct|merge_action|virtual|without\s+overlaps|not\s+enforced|maintain)\b/i
  const code = text.replaceAll(/--.*$/gm, '').replaceAll(/'[^']*'/g, "''")
  expect(newer.exec(code)?.[0]).toBeUndefined()
})

test('the migrated schema is what the types were generated from', async () => {
  const tables = await query(
    url,
    `select table_name as name from information_schema.tables
     where table_schema = 'public' and table_name not like 'kysely_%'
       and table_name not in (select relname from pg_class where relispartition) order by 1`,
  )
  const types = await readFile(
    new URL('../../../src/database/tables.generated.ts', import.meta.url),
    'utf8',
  )
  const declared = [
    .../^ {2}(\w+): \w+;$/gm[Symbol.matchAll](types.slice(types.indexOf('interface DB'))),
  ]
  expect(declared.map(([, name]) => name)).toEqual(tables.map((row) => row['name']))
  await kysely.selectFrom('vault_key').selectAll().execute()
})
