import { randomUUID } from 'node:crypto'

import { expect, test } from 'vitest'

import { noteForfeits } from '../../../src/metering/note-forfeits.ts'
import { reconcile } from '../../../src/metering/reconcile.ts'
import { keepLedger } from '../../../src/metering/retention.ts'
import { rollUp } from '../../../src/metering/roll-up.ts'
import type { Claim } from '../../../src/quota/store.ts'
import { createPostgresStore } from '../../../src/quota/postgres-store.ts'
import { testGateway, type TestGateway } from '../../support/gateway.ts'
import { hold } from '../../support/hold.ts'
import { usageRecord } from '../../support/usage-records.ts'

const FORFEIT_MS = 1

async function books() {
  const gateway = await testGateway({ reconciles: false })
  const store = createPostgresStore(gateway.database)
  const accountId = await gateway.account()
  const claim: Claim = {
    partition: 'day',
    subject: accountId,
    budget: { kind: 'window', window: 'day', capacity: 1_000_000 },
  }
  const wait = gateway.meter.ship
  return {
    ...gateway,
    store,
    accountId,
    check: () => reconcile({ database: gateway.database, store, wait }),
    /** Points that nobody settles. */
    lose: async (points: number) => {
      const grant = await store.reserve([claim], { points, lease: 'never', forfeitMs: FORFEIT_MS })
      if (grant.kind !== 'granted') throw new Error('There is not enough.')
      return { id: grant.id, takenAtUs: grant.takenAtUs }
    },
    forfeit: async () => {
      await expect.poll(async () => (await store.tend(randomUUID())).forfeited).toBe(1)
    },
  }
}

function at(text: string): () => Date {
  return () => new Date(text)
}

function giveUp(late: readonly string[]): Promise<void> {
  return Promise.reject(new Error(late.join()))
}

async function entries({ database }: Pick<TestGateway, 'database'>) {
  const { rows } = await database.pool.query(
    'select kind, account_id, points::int, explained::int from ledger_entry order by created_at',
  )
  return rows
}

test('what was drawn is what the records say, whoever drew it', async () => {
  const { post, issueKey, check, accountId } = await books()
  const key = await issueKey({ accountId })
  for (const document of ['{ me { id } }', '{ measurementSets { nodes { id } } }']) {
    // oxlint-disable-next-line no-await-in-loop
    await Promise.all([post(document, key), post(document, key), post('{ version }')])
  }
  // What a lease holds that is still open is neither drawn nor recorded yet.
  const checked = await check()
  expect(checked).toMatchObject({ forfeits: 0, corrections: 0, differences: [] })
  expect(checked.debits).toBeGreaterThan(0)
  expect(checked.debits).toBe(checked.records)
})

test('points that were drawn and not recorded are a difference, and so is a record of what was not drawn', async () => {
  const { lose, store, check, accountId, meter } = await books()
  const { id } = await lose(40)
  await store.settle(id, 30)
  expect((await check()).differences).toEqual([
    { accountId, debits: 30, records: 0, forfeits: 0, corrections: 0 },
  ])
  const lease = { id, takenAtUs: 1_767_268_800_000_000 }
  meter.record(usageRecord({ accountId, lease, points: 30 }))
  await meter.ship()
  expect((await check()).differences).toEqual([])
  meter.record(usageRecord({ accountId, lease, points: 1 }))
  await meter.ship()
  expect((await check()).differences).toMatchObject([{ debits: 30, records: 31 }])
})

test.each(['before', 'after'])(
  'a grant that nobody settled is a forfeit, less what records explain that come %s it',
  async (when) => {
    const own = await books()
    const { lose, forfeit, meter, accountId, store, database, check } = own
    const lease = await lose(100)
    const ship = async (): Promise<void> => {
      for (const points of [20, 13]) meter.record(usageRecord({ accountId, lease, points }))
      await meter.ship()
    }
    if (when === 'before') await ship()
    await forfeit()
    await noteForfeits(database, store)
    await noteForfeits(database, store)
    if (when === 'after') await ship()
    expect(await entries(own)).toEqual([
      { kind: 'forfeit', account_id: accountId, points: 100, explained: 33 },
    ])
    expect(await check()).toEqual({
      debits: 100,
      records: 33,
      forfeits: 67,
      corrections: 0,
      differences: [],
    })
    expect(await store.forfeits()).toEqual([])
  },
)

test('records are dropped a month at a time, and what they came to is still explained', async () => {
  const { lose, store, check, accountId, meter, database } = await books()
  const { id, takenAtUs } = await lose(40)
  await store.settle(id, 30)
  const atMs = Date.parse('2026-03-15T12:00:00Z')
  meter.record(usageRecord({ accountId, lease: { id, takenAtUs }, points: 30, atMs }))
  await meter.ship()
  await rollUp(database)
  const count = async (table: string): Promise<number> => {
    const { rows } = await database.pool.query(`select count(*)::int as n from ${table}`)
    return rows[0].n
  }
  const kept = { recordDays: 90, usageMonths: 2 }
  // The last record of March may still be 90 days old.
  await keepLedger(database, at('2026-05-31T00:00:00Z'), { ...kept, usageMonths: 25 })
  expect([await count('usage_record'), await count('usage_day')]).toEqual([1, 1])
  await keepLedger(database, at('2026-07-01T00:00:00Z'), { ...kept, usageMonths: 25 })
  expect([await count('usage_record'), await count('usage_day')]).toEqual([0, 1])
  await keepLedger(database, at('2026-07-01T00:00:00Z'), kept)
  expect([await count('usage_hour'), await count('usage_day')]).toEqual([0, 0])
  const { rows } = await database.pool.query(
    `select relname from pg_class where relname ~ '^usage_.*_2026_03$'`,
  )
  expect(rows).toEqual([])
  expect(await check()).toMatchObject({ debits: 30, records: 30, differences: [] })
})

test('a month that two gateways need at once is made once', async () => {
  const { database } = await books()
  const release = await hold({ database }, 'select pg_advisory_xact_lock(7226229)')
  const make = () =>
    database.pool.query(`select ledger_month('usage_record', '2031-05-06T00:00:00Z')`)
  const made = Promise.all([make(), make()])
  await expect
    .poll(async () => {
      const { rows } = await database.pool.query(
        `select count(*)::int as n from pg_locks where locktype = 'advisory' and not granted
           and database = (select oid from pg_database where datname = current_database())`,
      )
      return rows[0].n
    })
    .toBe(2)
  await release()
  await made
  const { rows } = await database.pool.query(
    `select relname from pg_class where relname = 'usage_record_2031_05'`,
  )
  expect(rows).toHaveLength(1)
})

test('a gateway that has recorded and not shipped is waited for', async () => {
  const { database, store } = await books()
  await database.pool.query(
    'insert into meter_gateway (gateway_id, shipped_at) values ($1, to_timestamp(0))',
    ['01a21bac-ef85-77cd-a97b-651cc73bb643'],
  )
  await expect(reconcile({ database, store, wait: giveUp })).rejects.toThrow(
    '01a21bac-ef85-77cd-a97b-651cc73bb643',
  )
})
