import { expect, test } from 'vitest'

import { readConfig } from '../../../src/config.ts'
import { migrateDatabase, openDatabase } from '../../../src/database/open.ts'
import { sqlFiles } from '../../../src/database/migrations.ts'
import { StartError } from '../../../src/errors.ts'
import { query } from '../../support/postgres.ts'
import { emptyDatabase, testDatabase } from '../../support/test-database.ts'
import { whenDone } from '../../support/when-done.ts'

async function open(url: string) {
  const database = await openDatabase(readConfig({ DATABASE_URL: url }), {
    applicationName: 'maat',
  })
  whenDone(database.close)
  return database
}

/** The one line that an operator reads. */
async function refusal(url: string): Promise<string> {
  const error: unknown = await open(url).catch((reason: unknown) => reason)
  if (!(error instanceof StartError))
    throw new Error('The start was not refused.', { cause: error })
  return error.message
}

test('a database with this release’s schema opens without a notice', async () => {
  const { url } = await testDatabase()
  expect(await open(url)).toMatchObject({ embedded: false, notices: [] })
})

test('a database that lacks migrations is refused and left as it is; the message names the command', async () => {
  const url = await emptyDatabase()
  const names = Object.keys(await sqlFiles.getMigrations()).toSorted()
  expect(names[0]).toBe('0001_foundation')
  expect(await refusal(url)).toBe(
    `The database lacks migrations of this release (${names.join(', ')}). Run npm run migrate.`,
  )
  expect(await query(url, `select relname from pg_class where relname = 'account'`)).toEqual([])
})

test('the migrate command brings it to this release', async () => {
  const url = await emptyDatabase()
  const config = readConfig({ DATABASE_URL: url })
  expect(await migrateDatabase(config)).toContain('0001_foundation')
  expect(await migrateDatabase(config)).toEqual([])
  expect(await open(url)).toMatchObject({ notices: [] })
})

test('a newer schema opens, with a notice', async () => {
  const { url } = await testDatabase()
  await query(url, `insert into kysely_migration values ('9999_more', '2030')`)
  const { notices } = await open(url)
  expect(notices).toEqual([
    'The database holds migrations that this release does not know (9999_more). They do not hinder it.',
  ])
})

test('a newer schema that breaks this release is refused', async () => {
  const { url } = await testDatabase()
  await query(url, `insert into kysely_migration values ('9999_less.breaking', '2030')`)
  expect(await refusal(url)).toMatch(
    /does not know \(9999_less\.breaking\)\. Start a newer release\.$/,
  )
})

test('an older PostgreSQL is refused with both versions', async () => {
  const { url } = await testDatabase()
  await query(
    url,
    `create schema older; create function older.current_setting(text) returns text
     language sql as $$ select '140012' $$`,
  )
  const old = new URL(url)
  old.searchParams.set('options', '-c search_path=older,pg_catalog,public')
  expect(await refusal(old.href)).toBe(
    'The database of DATABASE_URL is PostgreSQL 14; Maat needs PostgreSQL 15 or later.',
  )
})

test('a database that nobody serves is refused, without its address: it may hold a password', async () => {
  const said = await refusal('postgres://app:hunter2@127.0.0.1:1/maat')
  expect(said).toMatch(/^The database of DATABASE_URL can not be reached: .*ECONNREFUSED/)
  expect(said).not.toContain('hunter2')
})

test('a database that does not exist is refused with its name', async () => {
  const url = new URL(await emptyDatabase())
  url.pathname = '/nowhere'
  expect(await refusal(url.href)).toContain('database "nowhere" does not exist')
})
