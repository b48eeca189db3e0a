import { randomUUID } from 'node:crypto'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { connectDatabase } from '../../../src/database/connect.ts'
import { abandonedIn, makeGatewayFolder } from '../../../src/metering/gateway-folder.ts'
import { createMeter, type Meter } from '../../../src/metering/meter.ts'
import { segmentsIn } from '../../../src/metering/segment-files.ts'
import { SegmentWriter } from '../../../src/metering/segment-writer.ts'
import { shipFolder } from '../../../src/metering/ship-folder.ts'
import { printRecord, type UsageRecord } from '../../../src/metering/usage-record.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { testDatabase, type TestDatabase } from '../../support/test-database.ts'
import { usageRecord } from '../../support/usage-records.ts'

async function folder(): Promise<string> {
  const path = await temporaryFolder()
  return path
}

interface Told {
  readonly meter: Meter
  readonly told: unknown[]
  readonly gateway: string
}

async function meterIn(path: string, database: TestDatabase): Promise<Told> {
  const told: unknown[] = []
  const gateway = randomUUID()
  const meter = await createMeter({
    database,
    gateway,
    folder: path,
    onStuck: () => void told.push('stuck'),
    onFlowing: () => void told.push('flowing'),
    onFailure: (error) => void told.push(error),
  })
  return { meter, told, gateway }
}

async function requestIds({ pool }: TestDatabase): Promise<readonly string[]> {
  const { rows } = await pool.query<{ request_id: string }>(
    'select request_id from usage_record order by gateway_id, segment, place',
  )
  return rows.map(({ request_id: id }) => id)
}

function numbered(count: number, over: Partial<UsageRecord> = {}): readonly UsageRecord[] {
  return Array.from({ length: count }, (_, n) => usageRecord({ requestId: `r-${n}`, ...over }))
}

/** Segments as a process left them that was killed. */
async function leftBehind(
  path: string,
  records: readonly UsageRecord[],
  torn = '',
): Promise<string> {
  const gateway = randomUUID()
  const { path: own, leave } = await makeGatewayFolder(path, gateway)
  const writer = new SegmentWriter(own)
  for (const record of records) writer.append(printRecord(record))
  if (torn !== '') writer.append(torn)
  writer.rotate()
  await leave()
  return gateway
}

test('what was recorded is in the ledger once it was shipped, and ships once', async () => {
  const database = await testDatabase()
  const { meter, told } = await meterIn(await folder(), database)
  for (const record of numbered(3)) meter.record(record)
  expect(await requestIds(database)).toEqual([])
  await Promise.all([meter.ship(), meter.ship()])
  await meter.ship()
  expect(await requestIds(database)).toEqual(['r-0', 'r-1', 'r-2'])
  const { rows } = await database.pool.query('select count(*)::int as batches from usage_batch')
  expect([rows, meter.state().waiting, told]).toEqual([[{ batches: 1 }], 0, []])
  await meter.close()
})

test('a record keeps all that it says', async () => {
  const database = await testDatabase()
  const { meter } = await meterIn(await folder(), database)
  const record = usageRecord({ lease: { id: randomUUID(), takenAtUs: 1_767_268_800_122_999 } })
  meter.record(record)
  await meter.ship()
  const { rows } = await database.pool.query(`
    select (extract(epoch from recorded_at) * 1000)::float8 as "atMs", request_id as "requestId", account_id as "accountId",
      key_id as "keyId", operation, encode(document, 'base64') as document, estimated, points, rows, database_us as "databaseUs",
      bytes, duration_us as "durationUs", outcome, operations, lease_id as id, (extract(epoch from leased_at) * 1e6)::float8 as us
    from usage_record`)
  const { lease, document, ...rest } = record
  expect(rows).toEqual([
    {
      ...rest,
      id: lease?.id,
      us: lease?.takenAtUs,
      document: Buffer.from(document ?? '', 'base64url').toString('base64'),
    },
  ])
  await meter.close()
})

test('refusals that are alike are one record for all of them, which says how many', async () => {
  const database = await testDatabase()
  const { meter } = await meterIn(await folder(), database)
  for (const record of numbered(5, { outcome: 'UNAUTHENTICATED', bytes: 100 })) meter.tally(record)
  meter.tally(usageRecord({ outcome: 'RATE_LIMITED' }))
  await meter.ship()
  const { rows } = await database.pool.query(
    'select outcome, operations, bytes from usage_record order by operations',
  )
  expect(rows).toMatchObject([
    { outcome: 'RATE_LIMITED', operations: 1 },
    { outcome: 'UNAUTHENTICATED', operations: 5, bytes: 500 },
  ])
  await meter.close()
})

test('what a killed gateway left is adopted whole and once, but for the part of a line it was writing', async () => {
  const database = await testDatabase()
  const path = await folder()
  const dead = await leftBehind(path, numbered(5000), '[1767268800123,"r-5')
  expect(await abandonedIn(path)).toEqual([dead])
  const { meter, told } = await meterIn(path, database)
  await meter.ship()
  expect(await requestIds(database)).toEqual(numbered(5000).map(({ requestId }) => requestId))
  expect([await abandonedIn(path), told]).toEqual([[], []])
  const { rows } = await database.pool.query(
    'select ended_at is not null as "hasEnded" from meter_gateway where gateway_id = $1',
    [dead],
  )
  expect(rows).toEqual([{ hasEnded: true }])
  await meter.close()
})

test('gateways that adopt the same folder at the same time bring it into the ledger once', async () => {
  const database = await testDatabase()
  const path = await folder()
  await leftBehind(path, numbered(6000))
  const meters = await Promise.all([meterIn(path, database), meterIn(path, database)])
  await Promise.all(meters.map(({ meter }) => meter.ship()))
  const counted = await database.pool.query(
    'select (select count(*) from usage_record)::int as records, (select count(*) from usage_fresh)::int as fresh',
  )
  expect(counted.rows).toEqual([{ records: 6000, fresh: 6000 }])
  expect(meters.map(({ told }) => told)).toEqual([[], []])
  await Promise.all(meters.map(({ meter }) => meter.close()))
})

test('a gateway that lives is adopted by nobody', async () => {
  const database = await testDatabase()
  const path = await folder()
  const [living, other] = [await meterIn(path, database), await meterIn(path, database)]
  living.meter.record(usageRecord({ requestId: 'living' }))
  await other.meter.ship()
  expect([await abandonedIn(path), await requestIds(database)]).toEqual([[], []])
  await living.meter.close()
  await other.meter.close()
})

test('a gateway that ends in order leaves nothing to adopt', async () => {
  const database = await testDatabase()
  const path = await folder()
  const { meter, told } = await meterIn(path, database)
  meter.record(usageRecord({ requestId: 'last' }))
  meter.tally(usageRecord({ requestId: 'tallied' }))
  await meter.close()
  expect([await requestIds(database), await abandonedIn(path), told]).toEqual([
    ['last', 'tallied'],
    [],
    [],
  ])
})

test('while the database is away records stay on disk, and ship once it is back', async () => {
  const database = await testDatabase()
  const path = await folder()
  const gateway = await leftBehind(path, numbered(10))
  const away = connectDatabase({ url: database.url, applicationName: 'maat' })
  await away.close()
  const own = { path: join(path, gateway), gateway, current: () => Infinity, onFailure: () => {} }
  await database.pool.query(
    'insert into meter_gateway (gateway_id, shipped_at) values ($1, now())',
    [gateway],
  )
  await expect(shipFolder({ ...own, database: away })).rejects.toThrow('Cannot use a pool')
  expect(await segmentsIn(own.path)).toEqual([1])
  await shipFolder({ ...own, database })
  expect([(await requestIds(database)).length, await segmentsIn(own.path)]).toEqual([10, []])
})

test('records of an account that is gone are nobody’s', async () => {
  const database = await testDatabase()
  const { meter } = await meterIn(await folder(), database)
  meter.record(usageRecord({ accountId: randomUUID(), keyId: randomUUID(), operation: 'Mine' }))
  await meter.ship()
  const { rows } = await database.pool.query(
    'select account_id, key_id, operation, request_id from usage_record',
  )
  expect(rows).toEqual([
    {
      account_id: '00000000-0000-0000-0000-000000000000',
      key_id: null,
      operation: '',
      request_id: '',
    },
  ])
  await meter.close()
})
