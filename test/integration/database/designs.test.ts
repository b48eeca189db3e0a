import { expect, test } from 'vitest'

import type { Database } from '../../../src/database/connect.ts'
import { bitsOf, type Design, DESIGNS } from '../../../src/database/designs.ts'
import { migrateToLatest } from '../../../src/database/migrate.ts'
import { storeDesigns } from '../../../src/database/store-designs.ts'
import { testDatabase } from '../../support/test-database.ts'

const CAPE: Design = {
  code: 'cape',
  name: 'Cape',
  version: '1.0.0',
  description: null,
  measurements: ['neck', 'wrist'],
  optionalMeasurements: ['waistToFloor'],
}

/** Every row, and which transaction wrote it last. */
async function rowsOf({ pool }: Pick<Database, 'pool'>) {
  return (await pool.query('select xmin::text, design.* from design order by code')).rows
}

test('a migrated database holds the designs of the release, bit for bit', async () => {
  const { kysely } = await testDatabase()
  const rows = await kysely.selectFrom('design').selectAll().orderBy('code').execute()
  expect(rows).toEqual(
    DESIGNS.map(({ measurements, optionalMeasurements, ...design }) => ({
      ...design,
      required: bitsOf(measurements).toString(),
      optional: bitsOf(optionalMeasurements).toString(),
    })),
  )
})

test('migrating again writes no row', async () => {
  const database = await testDatabase()
  const before = await rowsOf(database)
  expect(await migrateToLatest(database.kysely)).toEqual([])
  expect(await rowsOf(database)).toEqual(before)
})

test('migrating makes good what was changed, added and taken away by hand', async () => {
  const database = await testDatabase()
  const { rows: before } = await database.pool.query('select * from design order by code')
  await database.pool.query(`
    update design set required = 0, optional = 1 where code = 'aaron';
    delete from design where code = 'brian';
    insert into design values ('cape', 'Cape', '1.0.0', null, 1, 0)`)
  await migrateToLatest(database.kysely)
  const { rows: after } = await database.pool.query('select * from design order by code')
  expect(after).toEqual(before)
})

test('storing tells what came, changed and went, and leaves the rest alone', async () => {
  const database = await testDatabase()
  await storeDesigns(database.kysely, [CAPE, ...DESIGNS])
  const before = await rowsOf(database)
  const [first, ...others] = DESIGNS
  const changed = { ...CAPE, description: 'Worn over all.' }
  expect(await storeDesigns(database.kysely, [changed, ...others])).toEqual([first?.code, 'cape'])
  const after = await rowsOf(database)
  expect(after.find(({ code }) => code === 'cape')).toMatchObject({ description: 'Worn over all.' })
  const rest = others.map(({ code }) => code)
  expect(after.filter(({ code }) => rest.includes(code))).toEqual(
    before.filter(({ code }) => rest.includes(code)),
  )
})

test('a description that is gone is gone from the row', async () => {
  const { kysely } = await testDatabase()
  await storeDesigns(kysely, [{ ...CAPE, description: 'Worn over all.' }])
  expect(await storeDesigns(kysely, [CAPE])).toEqual(['cape'])
  expect(await storeDesigns(kysely, [CAPE])).toEqual([])
  expect(await kysely.selectFrom('design').select('description').execute()).toEqual([
    { description: null },
  ])
})

test('of two that store the same at once one writes and the other finds nothing to do', async () => {
  const { kysely } = await testDatabase()
  const changes = await Promise.all([storeDesigns(kysely, [CAPE]), storeDesigns(kysely, [CAPE])])
  expect(changes.map(({ length }) => length).toSorted((a, b) => a - b)).toEqual([
    0,
    DESIGNS.length + 1,
  ])
})

test('a failure leaves the designs as they were', async () => {
  const database = await testDatabase()
  const before = await rowsOf(database)
  const bad = { ...CAPE, optionalMeasurements: CAPE.measurements }
  await expect(storeDesigns(database.kysely, [bad])).rejects.toThrow(/design_check/)
  expect(await rowsOf(database)).toEqual(before)
})

test('a database that a newer release has migrated keeps its designs', async () => {
  const database = await testDatabase()
  await storeDesigns(database.kysely, [CAPE])
  await database.pool.query(`insert into kysely_migration values ('9999_new', '2030')`)
  await expect(migrateToLatest(database.kysely)).rejects.toThrow('9999_new')
  expect(await database.kysely.selectFrom('design').select('code').execute()).toEqual([
    { code: 'cape' },
  ])
})
