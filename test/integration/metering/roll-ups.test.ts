import { randomUUID } from 'node:crypto'

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { createMeter } from '../../../src/metering/meter.ts'
import { NAMES_PER_DAY, rollUp } from '../../../src/metering/roll-up.ts'
import type { UsageRecord } from '../../../src/metering/usage-record.ts'
import { insertAccount } from '../../support/account.ts'
import { createKeyRing } from '../../../src/vault/key-ring.ts'
import { createVault } from '../../../src/vault/vault.ts'
import { hold } from '../../support/hold.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { testDatabase } from '../../support/test-database.ts'
import { whenDone } from '../../support/when-done.ts'
import { usageRecord } from '../../support/usage-records.ts'

const database = await testDatabase()
const vault = createVault(createKeyRing())
const ACCOUNTS = [await insertAccount(database, vault), await insertAccount(database, vault)]
const KEYS = [randomUUID(), randomUUID()]
const folder = await temporaryFolder()
const meter = await createMeter({
  database,
  gateway: randomUUID(),
  folder,
  onStuck: () => {},
  onFlowing: () => {},
  onFailure: () => {},
})
whenDone(meter.close)

async function empty(): Promise<void> {
  await database.pool.query(
    'truncate usage_record, usage_batch, usage_hour, usage_day, usage_apart, usage_refusal',
  )
}

/** What the ledger says by these columns: of records that are rolled up, and of those that are not. */
async function sums(table: 'usage_hour' | 'usage_day' | 'usage_fresh', by: string) {
  const isFresh = table === 'usage_fresh'
  const { rows } = await database.pool.query(`
    select ${by} as by, sum(operations)::int as operations, sum(points)::int as points, sum(bytes)::int as bytes,
      sum(rows)::int as rows, sum(database_us)::int as database_us,
      ${isFresh ? `coalesce(sum(operations) filter (where outcome <> 'OK'), 0)::int` : 'sum(refusals)::int'} as refusals
    from ${table} group by 1 order by 1`)
  return rows
}

function expectedBy(records: readonly UsageRecord[], by: (record: UsageRecord) => string | null) {
  const names = [...new Set(records.map(by))].toSorted((a, b) => ((a ?? 'z') < (b ?? 'z') ? -1 : 1))
  return names.map((name) => {
    const mine = records.filter((record) => by(record) === name)
    const sum = (of: (record: UsageRecord) => number) => mine.reduce((all, one) => all + of(one), 0)
    return {
      by: name,
      operations: sum((one) => one.operations),
      points: sum((one) => one.points),
      bytes: sum((one) => one.bytes),
      rows: sum((one) => one.rows),
      database_us: sum((one) => one.databaseUs),
      refusals: sum((one) => (one.outcome === 'OK' ? 0 : one.operations)),
    }
  })
}

/** Points by the one thing that a kind of totals tells apart. */
async function apart(kind: string, by: string) {
  const { rows } = await database.pool.query(
    `select ${by} as by, sum(points)::int as points from usage_apart where kind = $1 group by 1 order by 1`,
    [kind],
  )
  return rows
}

/** Without those of nobody in particular. */
function pointsOf(rows: readonly { readonly by: string | null; readonly points: number }[]) {
  return rows.filter(({ by }) => by !== null).map(({ by, points }) => ({ by, points }))
}

function total(rows: readonly { readonly operations: number }[]): number {
  return rows.reduce((sum, { operations }) => sum + operations, 0)
}

const small = fc.nat({ max: 1000 })
const records = fc.array(
  fc.record({
    atMs: fc.integer({
      min: Date.parse('2026-10-30T00:00:00Z'),
      max: Date.parse('2026-11-02T00:00:00Z'),
    }),
    accountId: fc.constantFrom(null, ...ACCOUNTS),
    keyId: fc.constantFrom(null, ...KEYS),
    operation: fc.constantFrom('', 'Sets', 'Me'),
    points: small,
    rows: small,
    bytes: small,
    databaseUs: small,
    outcome: fc.constantFrom('OK', 'OK', 'RATE_LIMITED', 'LEVEL_TOO_LOW'),
    operations: fc.integer({ min: 1, max: 3 }),
  }),
  { minLength: 1, maxLength: 60 },
)

test('roll-ups say what their records say, by whatever they are added up, and however many came at a time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(records, { minLength: 1, maxLength: 4 }), async (portions) => {
      await empty()
      const all: UsageRecord[] = []
      for (const portion of portions) {
        const told = portion.map((over) => usageRecord(over))
        all.push(...told)
        for (const record of told) meter.record(record)
        // oxlint-disable no-await-in-loop -- one after the other
        await meter.ship()
        const before = total(await sums('usage_fresh', '1'))
        const rolledBefore = total(await sums('usage_hour', '1'))
        expect(before + rolledBefore).toBe(all.reduce((sum, one) => sum + one.operations, 0))
        await rollUp(database)
        // oxlint-enable no-await-in-loop
      }
      expect(await sums('usage_fresh', '1')).toEqual([])
      const byAccount = expectedBy(all, ({ accountId }) => accountId)
      const byName = expectedBy(all, ({ operation }) => operation)
      const byHour = expectedBy(all, ({ atMs }) => new Date(atMs).toISOString().slice(0, 13))
      expect(await sums('usage_hour', 'account_id')).toEqual(byAccount)
      expect(await sums('usage_day', 'account_id')).toEqual(byAccount)
      expect(await sums('usage_day', 'operation')).toEqual(byName)
      expect(
        await sums('usage_hour', `to_char(hour at time zone 'UTC', 'YYYY-MM-DD"T"HH24')`),
      ).toEqual(byHour)
      expect(await apart('account', 'account_id')).toEqual(pointsOf(byAccount))
      expect(await apart('operation', 'operation')).toEqual(pointsOf(byName))
      expect(await apart('all', `''`)).toEqual([
        { by: '', points: all.reduce((sum, { points }) => sum + points, 0) },
      ])
      const byKey = expectedBy(all, ({ keyId }) => keyId)
      expect(await apart('key', 'key_id')).toEqual(pointsOf(byKey))
      const refused = await database.pool.query(
        'select outcome, sum(refusals)::int as refusals from usage_refusal group by 1 order by 1',
      )
      const codes = expectedBy(all, ({ outcome }) => outcome).filter(({ by }) => by !== 'OK')
      expect(refused.rows).toEqual(
        codes.map(({ by, operations }) => ({ outcome: by, refusals: operations })),
      )
    }),
    { numRuns: 25 },
  )
})

test('of one key and day so many operations have a row of their own, and those beyond them share one', async () => {
  await empty()
  const at = Date.parse('2026-11-01T10:00:00Z')
  const named = (n: number) => usageRecord({ atMs: at, operation: `Name${n}`, points: 1 })
  for (const [from, to] of [
    [0, NAMES_PER_DAY - 10],
    [NAMES_PER_DAY - 20, NAMES_PER_DAY + 40],
  ] as const) {
    for (let n = from; n < to; n += 1) meter.record(named(n))
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await meter.ship()
    // oxlint-disable-next-line no-await-in-loop
    await rollUp(database)
  }
  const { rows } = await database.pool.query(`
    select count(*) filter (where operation <> '')::int as names, sum(operations)::int as operations,
      sum(operations) filter (where operation = '')::int as others from usage_day`)
  expect(rows).toEqual([{ names: NAMES_PER_DAY, operations: NAMES_PER_DAY + 50, others: 40 }])
})

test('two roll-ups at the same time add nothing twice', async () => {
  await empty()
  for (let n = 0; n < 500; n += 1) meter.record(usageRecord({ points: 1 }))
  await meter.ship()
  await Promise.all([rollUp(database), rollUp(database), rollUp(database)])
  await rollUp(database)
  expect(await sums('usage_day', '1')).toMatchObject([{ operations: 500, points: 500 }])
})

test('at every moment a record is in the roll-ups or fresh, however few parts are rolled up at a time', async () => {
  await empty()
  const gateways = [meter]
  for (let n = 0; n < 2; n += 1) {
    // oxlint-disable-next-line no-await-in-loop
    const other = await createMeter({
      database,
      gateway: randomUUID(),
      folder,
      onStuck: () => {},
      onFlowing: () => {},
      onFailure: () => {},
    })
    whenDone(other.close)
    gateways.push(other)
  }
  const atMs = Date.parse('2026-10-31T12:00:00Z')
  for (let n = 0; n < 12; n += 1) {
    const one = gateways[n % gateways.length]
    one?.record(usageRecord({ atMs: atMs + ((n * 7) % 12) * 1000, accountId: ACCOUNTS[0] ?? null }))
    // oxlint-disable-next-line no-await-in-loop -- a part each
    await one?.ship()
  }
  const seen: number[][] = []
  for (let n = 0; n <= 12; n += 1) {
    // oxlint-disable no-await-in-loop -- part after part
    const [fresh, rolled] = [
      await sums('usage_fresh', 'account_id'),
      await sums('usage_hour', 'account_id'),
    ]
    seen.push([total(fresh), total(rolled)])
    await database.pool.query('select usage_roll_up(1, 100)')
    // oxlint-enable no-await-in-loop
  }
  expect(seen).toEqual(Array.from({ length: 13 }, (_, n) => [12 - n, n]))
})

test('a month is made while others read and write, and dropped only where nobody reads', async () => {
  await empty()
  const release = await hold(
    { database },
    'select count(*) from usage_record; insert into usage_erasure values (gen_random_uuid())',
  )
  const names = async (): Promise<readonly string[]> => {
    const { rows } = await database.pool.query(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'usage_record'::regclass`,
    )
    return rows.map(({ name }) => name)
  }
  const makes = `set lock_timeout = '1s'; select ledger_month('usage_record', '2001-02-03'); reset lock_timeout`
  await database.pool.query(makes)
  expect(await names()).toContain('usage_record_2001_02')
  const drop = `select ledger_drop_months('usage_record', '2001-03-01')`
  await expect(database.pool.query(drop)).rejects.toMatchObject({ code: '55P03' })
  await release()
  await expect
    .poll(() => database.pool.query(drop).then(() => names()))
    .not.toContain('usage_record_2001_02')
})
