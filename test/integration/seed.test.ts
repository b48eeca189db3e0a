import { expect, test } from 'vitest'

import { MEASUREMENT_NAMES, measuredBits } from '../../src/measurements/definitions.ts'
import { MODELS } from '../../src/seed/models.ts'
import { seed } from '../../src/seed/seed.ts'
import { splitBody } from '../../src/vault/seal-row.ts'
import { place } from '../../src/vault/sealed-rows.ts'
import type { Vault } from '../../src/vault/vault.ts'
import { insertAccount } from '../support/account.ts'
import { type TestDatabase, testDatabase } from '../support/test-database.ts'
import { testVault } from '../support/test-vault.ts'

const SCALE = { accounts: 20, sets: 300, patterns: 100, randomSeed: 7 }

test('the models are published as 40 curated sets, in their order, with all measurements', async () => {
  const database = await testDatabase()
  await seed({ database, vault: testVault() })
  const rows = await database.kysely
    .selectFrom('curated_set')
    .selectAll()
    .orderBy('created_at')
    .execute()
  expect(rows.map(({ names }) => names)).toEqual(MODELS.map(({ name }) => ({ en: name })))
  expect(rows.map(({ measurements }) => measurements)).toEqual(
    MODELS.map(({ measurements }) => measurements),
  )
  expect(new Set(rows.map((row) => row.measured))).toEqual(new Set([((1n << 38n) - 1n).toString()]))
  expect(rows.every(({ publication }) => publication === 'published')).toBe(true)
  expect(rows.map(({ id }) => id)).toEqual(rows.map(({ id }) => id).toSorted())
  expect(rows[0]?.id[14]).toBe('7')
})

test('there are four accounts, one for each part that people play', async () => {
  const database = await testDatabase()
  await seed({ database, vault: testVault() })
  const accounts = await database.kysely
    .selectFrom('account')
    .select(['username', 'role', 'status', 'consent'])
    .orderBy('id')
    .execute()
  const standing = { status: 'active', consent: 'measurements' }
  expect(accounts).toEqual([
    { username: 'demo', role: 'user', ...standing },
    { username: 'curator', role: 'curator', ...standing },
    { username: 'support', role: 'support', ...standing },
    { username: 'admin', role: 'admin', ...standing },
  ])
})

test('the demo account owns at least 12 sets and 20 patterns, some of them public', async () => {
  const database = await testDatabase()
  await seed({ database, vault: testVault() })
  const sets = await setsOf(database)
  const patterns = await database.kysely.selectFrom('pattern').selectAll().execute()
  expect(new Set([...sets, ...patterns].map((row) => row.account_id)).size).toBe(1)
  expect(sets.length).toBeGreaterThanOrEqual(12)
  expect(patterns.length).toBeGreaterThanOrEqual(20)
  expect(new Set(sets.map((row) => row.public))).toEqual(new Set([true, false]))
  expect(new Set(patterns.map((row) => row.public))).toEqual(new Set([true, false]))
  expect(patterns.every((row) => row.measurement_set_id !== null)).toBe(true)
})

test('a demo set that is based on another holds only what differs', async () => {
  const database = await testDatabase()
  const vault = testVault()
  await seed({ database, vault })
  const sets = await setsOf(database)
  const based = sets.filter((row) => row.base_set_id !== null)
  expect(based.length).toBeGreaterThanOrEqual(1)
  for (const row of based) {
    const base = sets.find(({ id }) => id === row.base_set_id)
    const inherited = base === undefined ? {} : measurementsOf(vault, base)
    const own = measurementsOf(vault, row)
    expect(Object.keys(inherited)).toHaveLength(38)
    expect(Object.keys(own).length).toBeLessThan(10)
    expect(Object.entries(own).filter(([name, value]) => inherited[name] === value)).toEqual([])
  }
})

test('seeding again changes nothing and says so', async () => {
  const database = await testDatabase()
  const vault = testVault()
  expect(await seed({ database, vault })).toEqual({ kind: 'seeded', accounts: 4 })
  const before = await setsOf(database)
  expect(await seed({ database, vault })).toEqual({ kind: 'kept', accounts: 4 })
  expect(await setsOf(database)).toEqual(before)
})

test('a database that holds an account of somebody else is refused and left as it is', async () => {
  const database = await testDatabase()
  const vault = testVault()
  await seed({ database, vault })
  await insertAccount(database, vault)
  await expect(seed({ database, vault, scale: SCALE })).rejects.toThrow(
    /holds an account that the seed did not make/,
  )
  expect(await setsOf(database)).toHaveLength(14)
})

test('of two that seed at once one finds the work done', async () => {
  const database = await testDatabase()
  const vault = testVault()
  const outcomes = await Promise.all([seed({ database, vault }), seed({ database, vault })])
  expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['kept', 'seeded'])
})

test('a failure half-way leaves nothing behind', async () => {
  const database = await testDatabase()
  const stop = new Error('stop')
  const onProgress = (rows: number): void => {
    if (rows > SCALE.accounts) throw stop
  }
  const seeding = seed({ database, vault: testVault(), scale: SCALE, onProgress })
  await expect(seeding).rejects.toBe(stop)
  expect(await database.kysely.selectFrom('account').select('id').execute()).toEqual([])
  expect(await database.kysely.selectFrom('curated_set').select('id').execute()).toEqual([])
})

test('generated rows stand beside the demo data, as many as asked for', async () => {
  const database = await testDatabase()
  const vault = testVault()
  await seed({ database, vault })
  const seen: number[] = []
  const outcome = await seed({
    database,
    vault,
    scale: SCALE,
    onProgress: (rows) => {
      seen.push(rows)
    },
  })
  expect(outcome).toEqual({ kind: 'seeded', accounts: 24 })
  expect(seen.at(-1)).toBe(420)
  expect(await setsOf(database)).toHaveLength(314)
  expect(await database.kysely.selectFrom('pattern').select('id').execute()).toHaveLength(124)
  expect(await seed({ database, vault, scale: SCALE })).toEqual({ kind: 'kept', accounts: 24 })
})

test('generated sets open, their bits tell what they hold, and owners are skewed', async () => {
  const database = await testDatabase()
  const vault = testVault()
  await seed({ database, vault, scale: SCALE })
  const sets = await setsOf(database)
  for (const row of sets) {
    expect(measuredBits(measurementsOf(vault, row)).toString()).toBe(row.measured)
  }
  const counts = [...Map.groupBy(sets, (row) => row.account_id).values()].map(
    ({ length }) => length,
  )
  expect(Math.max(...counts)).toBeGreaterThan(5 * Math.min(...counts))
})

test('a generated set is based on a whole set of the same account; a pattern belongs to the owner of its set', async () => {
  const database = await testDatabase()
  await seed({ database, vault: testVault(), scale: SCALE })
  const sets = new Map((await setsOf(database)).map((row) => [row.id, row]))
  const based = [...sets.values()].flatMap(({ base_set_id: id, account_id: owner }) =>
    id === null ? [] : [{ owner, base: sets.get(id) }],
  )
  expect(based.length).toBeGreaterThan(5)
  for (const { owner, base } of based) {
    expect(base).toMatchObject({ account_id: owner, base_set_id: null })
  }
  const patterns = await database.kysely
    .selectFrom('pattern')
    .select(['account_id', 'measurement_set_id'])
    .where('measurement_set_id', 'is not', null)
    .execute()
  for (const { account_id: owner, measurement_set_id: set } of patterns) {
    expect(sets.get(set ?? '')?.account_id).toBe(owner)
  }
})

test('the same random seed gives the same names, measurements and owners', async () => {
  const contents = await Promise.all(
    [1, 2].map(async () => {
      const database = await testDatabase()
      const vault = testVault()
      await seed({ database, vault, scale: SCALE })
      const accounts = await database.kysely
        .selectFrom('account')
        .select(['id', 'username'])
        .execute()
      const usernames = new Map(accounts.map(({ id, username }) => [id, username]))
      return (await setsOf(database)).map((row) => [
        vault.open(
          row.label,
          place('measurement_set', 'label', { row: row.id, owner: row.account_id }),
        ),
        usernames.get(row.account_id),
        measurementsOf(vault, row),
      ])
    }),
  )
  expect(contents[0]).toEqual(contents[1])
})

async function setsOf(database: TestDatabase) {
  return database.kysely.selectFrom('measurement_set').selectAll().orderBy('id').execute()
}

type SetRow = Awaited<ReturnType<typeof setsOf>>[number]

function measurementsOf(vault: Vault, row: SetRow): Record<string, number> {
  const body = vault.open(
    row.body,
    place('measurement_set', 'body', { row: row.id, owner: row.account_id }),
  )
  const measurements: Record<string, number> = JSON.parse(splitBody(body)[2] ?? '')
  expect(MEASUREMENT_NAMES).toEqual(expect.arrayContaining(Object.keys(measurements)))
  return measurements
}
