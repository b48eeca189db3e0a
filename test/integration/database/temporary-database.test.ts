import { randomBytes } from 'node:crypto'

import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { createTemporaryDatabase } from '../../../src/database/temporary-database.ts'
import { StartError } from '../../../src/errors.ts'
import { query } from '../../support/postgres.ts'
import { testDatabase } from '../../support/test-database.ts'
import { whenDone } from '../../support/when-done.ts'

const database = await testDatabase()

async function isThere(url: string): Promise<boolean> {
  const name = new URL(url).pathname.slice(1)
  const rows = await query(database.url, `select from pg_database where datname = '${name}'`)
  return rows.length > 0
}

test('a temporary database is empty, and gone once it is dropped, as often as one likes', async () => {
  const own = await createTemporaryDatabase(database, 'test')
  expect(await query(own.url, `select from pg_tables where schemaname = 'public'`)).toEqual([])
  await own.drop()
  expect(await isThere(own.url)).toBe(false)
  await own.drop()
})

test('a role that may not make databases is told so in one line', async () => {
  const role = `maat_test_${randomBytes(6).toString('hex')}`
  await query(database.url, `create role ${role}`)
  whenDone(async () => void (await query(database.url, `drop role ${role}`)))
  const refused = database.kysely.connection().execute(async (kysely) => {
    await sql`set role ${sql.id(role)}`.execute(kysely)
    try {
      return await createTemporaryDatabase({ kysely, url: database.url }, 'test')
    } finally {
      await sql`reset role`.execute(kysely)
    }
  })
  await expect(refused).rejects.toThrow(StartError)
  await expect(refused).rejects.toThrow('createdb')
})
