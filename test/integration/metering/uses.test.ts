import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'

import pg from 'pg'
import { describe, expect, test } from 'vitest'

import { connectDatabase } from '../../../src/database/connect.ts'
import { countUses } from '../../../src/metering/count-uses.ts'
import { makeGatewayFolder } from '../../../src/metering/gateway-folder.ts'
import { createMeter } from '../../../src/metering/meter.ts'
import { SegmentWriter } from '../../../src/metering/segment-writer.ts'
import { type PartOf, shipPart } from '../../../src/metering/ship-part.ts'
import { printRecord, type UsageRecord } from '../../../src/metering/usage-record.ts'
import { testGateway, type TestGateway } from '../../support/gateway.ts'
import { usedKey, useOf, usesOf } from '../../support/key-uses.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { whenDone } from '../../support/test-database.ts'

const NOON = Date.parse('2026-02-01T12:00:00Z')

/** A gateway that the ledger waits for, and the parts of its first segment. */
async function segmentOf({ database }: Pick<TestGateway, 'database'>) {
  const gateway = randomUUID()
  await database.kysely
    .insertInto('meter_gateway')
    .values({ gateway_id: gateway, shipped_at: new Date(0) })
    .execute()
  let start = 0
  return (records: readonly UsageRecord[]): PartOf => {
    const placed = records.map((record, n) => ({ ...record, place: start + n }))
    const part = { gateway, segment: 1, start, end: start + records.length, unreadable: 0 }
    start = part.end
    return { ...part, records: placed }
  }
}

/** As another gateway on the same database. */
function another({ database }: Pick<TestGateway, 'database'>) {
  const other = connectDatabase({ url: database.url, applicationName: 'maat-background' })
  whenDone(other.close)
  return other
}

async function isOneAndAll({ database }: Pick<TestGateway, 'database'>) {
  const { rows } = await database.pool.query(`
    select (select count(*) from usage_use)::int as waiting,
      (select sum(operations) from usage_record where document is not null)::int as recorded,
      (select sum(key_calls + session_calls) from account)::int as counted,
      (select sum(calls) from api_key)::int as "ofKeys"`)
  return rows[0]
}

/** Holds what the statement locks, until the returned function is called. */
async function hold({ database }: Pick<TestGateway, 'database'>, statement: string) {
  const client = new pg.Client(database.url)
  await client.connect()
  await client.query(`begin; ${statement}`)
  return () => client.end()
}

test('a part that is shipped again, by whomever, is counted once', async () => {
  const gateway = await testGateway({ reconciles: false })
  const { database } = gateway
  const key = await usedKey(gateway)
  const next = await segmentOf(gateway)
  const part = next([useOf(key), useOf(key, { operations: 3 }), useOf({ ...key, keyId: null })])
  const other = another(gateway)
  await Promise.all([database, other, database, other].map((each) => shipPart(each, part)))
  await Promise.all([countUses(database), countUses(other)])
  await shipPart(other, part)
  await countUses(database)
  expect(await usesOf(gateway, key)).toMatchObject({ calls: 4, key_calls: 4, session_calls: 1 })
})

test('gateways that ship and count at once, the keys in any order, count each use once', async () => {
  const gateway = await testGateway({ reconciles: false })
  const keys = await Promise.all(Array.from({ length: 20 }, () => usedKey(gateway)))
  const shippers = [
    { database: gateway.database, next: await segmentOf(gateway), order: keys },
    { database: another(gateway), next: await segmentOf(gateway), order: keys.toReversed() },
  ]
  await Promise.all(
    shippers.map(async ({ database, next, order }) => {
      for (let round = 0; round < 15; round += 1) {
        const part = next(order.map((key) => useOf(key)))
        // oxlint-disable-next-line no-await-in-loop -- the rounds of one gateway
        await shipPart(database, part)
        // oxlint-disable-next-line no-await-in-loop -- the rounds of one gateway
        await countUses(database)
      }
    }),
  )
  await countUses(gateway.database)
  for (const key of keys) {
    // oxlint-disable-next-line no-await-in-loop
    expect(await usesOf(gateway, key)).toMatchObject({ calls: 30, key_calls: 30 })
  }
  expect(await isOneAndAll(gateway)).toMatchObject({ waiting: 0, recorded: 600, counted: 600 })
})

test('more uses than are counted at a time are all counted', async () => {
  const gateway = await testGateway({ reconciles: false })
  const key = await usedKey(gateway)
  await gateway.database.pool.query(
    `insert into usage_use (account_id, key_id, calls, last_used_at) select $1, $2, 2, now() from generate_series(1, 2500)`,
    [key.accountId, key.keyId],
  )
  await countUses(gateway.database)
  expect(await usesOf(gateway, key)).toMatchObject({ calls: 5000, key_calls: 5000 })
})

test('the last use is the latest one, in whatever order the parts come', async () => {
  const gateway = await testGateway({ reconciles: false })
  const { database } = gateway
  const key = await usedKey(gateway)
  const next = await segmentOf(gateway)
  const at = (seconds: number) => useOf(key, { atMs: NOON + seconds * 1000 })
  const seen: unknown[] = []
  for (const seconds of [10, 4, 12, -7200]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await shipPart(database, next([at(seconds - 1), at(seconds), at(seconds - 2)]))
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await countUses(database)
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const { calls, last_used_at: used, last_seen_at: lately } = await usesOf(gateway, key)
    expect(lately).toEqual(used)
    seen.push([calls, (used.getTime() - NOON) / 1000])
  }
  expect(seen).toEqual([
    [3, 10],
    [6, 10],
    [9, 12],
    [12, 12],
  ])
})

test('a key that was revoked meanwhile has what it did before', async () => {
  const gateway = await testGateway({ reconciles: false })
  const key = await usedKey(gateway)
  const next = await segmentOf(gateway)
  await gateway.database.kysely
    .updateTable('api_key')
    .set({ revoked_at: new Date(), revocation_reason: 'owner' })
    .where('id', '=', key.keyId)
    .execute()
  await shipPart(gateway.database, next([useOf(key)]))
  await countUses(gateway.database)
  expect(await usesOf(gateway, key)).toMatchObject({ calls: 1, key_calls: 1 })
})

test('use of accounts and keys that are gone is dropped, whenever they go', async () => {
  const gateway = await testGateway({ reconciles: false })
  const { database } = gateway
  const next = await segmentOf(gateway)
  const [before, after, stays] = [
    await usedKey(gateway),
    await usedKey(gateway),
    await usedKey(gateway),
  ]
  const goes = ({ accountId }: typeof before) =>
    database.kysely.deleteFrom('account').where('id', '=', accountId).execute()
  await goes(before)
  const noKey = useOf({ ...stays, keyId: randomUUID() })
  await shipPart(database, next([useOf(before), useOf(after), noKey, useOf(stays)]))
  await goes(after)
  await countUses(database)
  expect(await usesOf(gateway, stays)).toMatchObject({ calls: 1, key_calls: 1, session_calls: 0 })
  expect(await isOneAndAll(gateway)).toMatchObject({ waiting: 0, counted: 1 })
})

test('use of several keys and of sessions adds up in the account', async () => {
  const gateway = await testGateway({ reconciles: false })
  const one = await usedKey(gateway)
  const two = await usedKey(gateway, one.accountId)
  const next = await segmentOf(gateway)
  const session = useOf({ ...one, keyId: null })
  await shipPart(gateway.database, next([useOf(one), useOf(two), session, useOf(two), session]))
  await countUses(gateway.database)
  const account = { key_calls: 3, session_calls: 2 }
  expect(await usesOf(gateway, one)).toMatchObject({ calls: 1, ...account })
  expect(await usesOf(gateway, two)).toMatchObject({ calls: 2, ...account })
})

test('records without a document are no use: refused before one was read, or pages of an export', async () => {
  const gateway = await testGateway({ reconciles: false })
  const key = await usedKey(gateway)
  const next = await segmentOf(gateway)
  const refused = useOf(key, { document: null, estimated: null, outcome: 'NOT_ACCEPTABLE' })
  const page = useOf(key, { document: null, operation: 'BulkExport' })
  await shipPart(gateway.database, next([refused, page, useOf(key)]))
  await countUses(gateway.database)
  expect(await usesOf(gateway, key)).toMatchObject({ calls: 1, key_calls: 1 })
})

test('what a gateway of the release before ships is not counted here: it counts that itself', async () => {
  const gateway = await testGateway({ reconciles: false })
  const key = await usedKey(gateway)
  const { gateway: id } = (await segmentOf(gateway))([])
  const { pool } = gateway.database
  await pool.query(`select ledger_month('usage_record', to_timestamp($1))`, [NOON / 1000])
  await pool.query(
    `select usage_ship($1, 1, 0, 1, '{0}', array[$2::float8], '{r-1}', '{null}', '{null}', array[$3::uuid], array[$4::uuid], '{Sets}',
       '{AAAA}', '{9}', '{5}', '{1}', '{1}', '{1}', '{1}', '{OK}', '{1}')`,
    [id, NOON, key.accountId, key.keyId],
  )
  await countUses(gateway.database)
  expect(await usesOf(gateway, key)).toMatchObject({ calls: 0, key_calls: 0 })
  expect(await isOneAndAll(gateway)).toMatchObject({ waiting: 0, recorded: 1 })
})

describe('whoever holds a key or an account', () => {
  test.each([
    ['a key', (keyId: string) => `select from api_key where id = '${keyId}' for update`],
    ['an account', () => 'select from account for no key update'],
  ])('keeps nobody from shipping, and %s is counted afterwards', async (_whose, statement) => {
    const gateway = await testGateway({ reconciles: false })
    const { database } = gateway
    const held = await usedKey(gateway)
    const release = await hold(gateway, statement(held.keyId))
    const free = await usedKey(gateway)
    const next = await segmentOf(gateway)
    await shipPart(database, next([held, free, held].map((key) => useOf(key))))
    await countUses(database)
    expect(await usesOf(gateway, held)).toMatchObject({ calls: 0, key_calls: 0 })
    expect(await usesOf(gateway, free)).toMatchObject({ calls: 1, key_calls: 1 })
    await release()
    await expect
      .poll(async () => {
        await countUses(database)
        return usesOf(gateway, held)
      })
      .toMatchObject({ calls: 2, key_calls: 2 })
    expect(await usesOf(gateway, free)).toMatchObject({ calls: 1, key_calls: 1 })
  })

  test('never waits for a part that is being shipped', async () => {
    const gateway = await testGateway({ reconciles: false })
    const { database } = gateway
    const key = await usedKey(gateway)
    const next = await segmentOf(gateway)
    // Its months are there from now on.
    await shipPart(database, next([useOf(key)]))
    await countUses(database)
    const client = new pg.Client(database.url)
    await client.connect()
    whenDone(() => client.end())
    await client.query('begin')
    const shipping = { kysely: database.kysely, pool: { query: client.query.bind(client) } }
    await shipPart(shipping as never, next([useOf(key)]))
    const lock = `select id from api_key where id = $1 for update nowait`
    expect((await database.pool.query(lock, [key.keyId])).rows).toEqual([{ id: key.keyId }])
    await client.query('commit')
    await countUses(database)
    expect(await usesOf(gateway, key)).toMatchObject({ calls: 2 })
  })
})

test('what a killed gateway left is counted once by those that adopt it, as the records have it', async () => {
  const gateway = await testGateway({ reconciles: false })
  const { database } = gateway
  const keys = [await usedKey(gateway), await usedKey(gateway)]
  const path = await temporaryFolder()
  whenDone(() => rm(path, { recursive: true }))
  const dead = await makeGatewayFolder(path, randomUUID())
  const writer = new SegmentWriter(dead.path)
  for (let n = 0; n < 5000; n += 1) {
    for (const key of keys) writer.append(printRecord(useOf(key, { atMs: NOON + n })))
  }
  writer.rotate()
  await dead.leave()
  const failures: unknown[] = []
  const adopt = () =>
    createMeter({
      database,
      gateway: randomUUID(),
      folder: path,
      onStuck: () => {},
      onFlowing: () => {},
      onFailure: (error) => failures.push(error),
    })
  const meters = [await adopt(), await adopt()]
  await Promise.all(meters.map((meter) => meter.ship()))
  for (const meter of meters) {
    // oxlint-disable-next-line no-await-in-loop
    await meter.close()
  }
  expect(failures).toEqual([])
  expect(await isOneAndAll(gateway)).toEqual({
    waiting: 0,
    recorded: 10_000,
    counted: 10_000,
    ofKeys: 10_000,
  })
  for (const key of keys) {
    // oxlint-disable-next-line no-await-in-loop
    const { calls, last_used_at: used } = await usesOf(gateway, key)
    expect([calls, used]).toEqual([5000, new Date(NOON + 4999)])
  }
})
