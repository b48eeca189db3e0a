import { randomUUID } from 'node:crypto'

import pg from 'pg'
import { expect, test } from 'vitest'

import { countUses } from '../../../src/metering/count-uses.ts'
import { makeGatewayFolder } from '../../../src/metering/gateway-folder.ts'
import { createMeter } from '../../../src/metering/meter.ts'
import { SegmentWriter } from '../../../src/metering/segment-writer.ts'
import { type PartOf, shipPart } from '../../../src/metering/ship-part.ts'
import { printRecord, type UsageRecord } from '../../../src/metering/usage-record.ts'
import { testGateway, type TestGateway } from '../../support/gateway.ts'
import { usedKey, useOf, usesOf } from '../../support/key-uses.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { whenDone } from '../../support/when-done.ts'

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

async function isOneAndAll({ database }: Pick<TestGateway, 'database'>) {
  const { rows } = await database.pool.query(`
    select (select count(*) from usage_use)::int as waiting,
      (select sum(operations) from usage_record where document is not null)::int as recorded,
      (select sum(key_calls + session_calls) from account)::int as counted,
      (select sum(calls) from api_key)::int as "ofKeys"`)
  return rows[0]
}

test('more uses than are counted at a time are all counted', async () => {
  const gateway = await testGateway({ reconciles: false })
  const key = await usedKey(gateway)
  await gateway.database.pool.query(
    `insert into usage_use (account_id, key_id, gateway_id, segment, place, calls, used_at)
       select $1, $2, $2, 1, place, 2, now() from generate_series(1, 2500) as place`,
    [key.accountId, key.keyId],
  )
  await countUses(gateway.database)
  expect(await usesOf(gateway, key)).toMatchObject({ calls: 5000, key_calls: 5000 })
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

test('whoever locks a key never waits for a part that is being shipped', async () => {
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

test('what a killed gateway left is counted once by those that adopt it, as the records have it', async () => {
  const gateway = await testGateway({ reconciles: false })
  const { database } = gateway
  const keys = [await usedKey(gateway), await usedKey(gateway)]
  const path = await temporaryFolder()
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
