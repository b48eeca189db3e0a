import { expect, test } from 'vitest'

import { runStatement } from '../../../src/database/run-statement.ts'
import { query } from '../../support/postgres.ts'
import { testDatabase } from '../../support/test-database.ts'

const PREPARED = {
  text: `select coalesce(string_agg(statement, ' | '), '') from pg_prepared_statements
         where statement not like '%pg_prepared_statements%'`,
  values: [],
}

const plus = (n: number) => ({ text: `select $1::int + ${n}`, values: [1] })

test('a statement is prepared from its second use on', async () => {
  const database = await testDatabase({ max: 1 })
  const statement = { text: 'select $1::int + 1', values: [1] }
  await runStatement(database, statement)
  expect(await runStatement(database, PREPARED)).toEqual([''])
  await runStatement(database, statement)
  expect(await runStatement(database, PREPARED)).toEqual(['select $1::int + 1'])
})

test('a statement of Kysely is prepared likewise', async () => {
  const database = await testDatabase({ max: 1 })
  const accounts = database.kysely.selectFrom('account').select('id').where('slug', '=', 'x')
  await accounts.execute()
  await accounts.execute()
  expect(await runStatement(database, PREPARED)).toEqual([accounts.compile().sql])
})

test('no more than 256 statements stay prepared, and one that comes back works', async () => {
  const database = await testDatabase({ max: 1 })
  for (let n = 0; n < 300; n += 1) {
    await runStatement(database, plus(n))
    await runStatement(database, plus(n))
  }
  const count = { text: 'select count(*)::int from pg_prepared_statements', values: [] }
  expect(await runStatement(database, count)).toEqual([256])
  expect(await runStatement(database, plus(0))).toEqual([1])
  expect(await runStatement(database, plus(0))).toEqual([1])
})

test('no more than 512 KiB of text stay prepared, however few statements that are', async () => {
  const database = await testDatabase({ max: 1 })
  for (let n = 0; n < 12; n += 1) {
    const statement = { text: `select $1::int + ${n} -- ${'x'.repeat(60_000)}`, values: [1] }
    for (let use = 0; use < 3; use += 1)
      expect(await runStatement(database, statement)).toEqual([n + 1])
  }
  const held = { text: 'select count(*)::int from pg_prepared_statements', values: [] }
  expect(await runStatement(database, held)).toEqual([8])
})

test('a text of more than 64 KiB is never prepared', async () => {
  const database = await testDatabase({ max: 1 })
  const statement = { text: `select $1::int -- ${'x'.repeat(65_536)}`, values: [1] }
  for (let use = 0; use < 3; use += 1) expect(await runStatement(database, statement)).toEqual([1])
  expect(await runStatement(database, PREPARED)).toEqual([''])
})

test('statements used once push no prepared one out', async () => {
  const database = await testDatabase({ max: 1 })
  const kept = { text: 'select $1::text', values: ['kept'] }
  await runStatement(database, kept)
  await runStatement(database, kept)
  for (let n = 0; n < 600; n += 1) await runStatement(database, { text: `select ${n}`, values: [] })
  expect(await runStatement(database, PREPARED)).toEqual(['select $1::text'])
})

test('a prepared statement whose columns a migration changed is UNAVAILABLE once, then works', async () => {
  const database = await testDatabase({ max: 1 })
  await query(database.url, 'create table moving (a int); insert into moving values (1)')
  const statement = { text: 'select * from moving where $1', values: [true] }
  for (let n = 0; n < 3; n += 1) await runStatement(database, statement)
  await query(database.url, 'alter table moving alter column a type bigint')
  await expect(runStatement(database, statement)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  expect(await runStatement(database, statement)).toEqual(['1'])
})

test('nothing is prepared where that is off', async () => {
  const database = await testDatabase({ max: 1, preparedStatements: false })
  const statement = { text: 'select $1::int', values: [1] }
  for (let n = 0; n < 3; n += 1) await runStatement(database, statement)
  expect(await runStatement(database, PREPARED)).toEqual([''])
})
