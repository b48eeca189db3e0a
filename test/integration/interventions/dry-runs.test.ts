import { expect, test } from 'vitest'

import { formatId } from '../../../src/ids.ts'
import type { OversightPolicy } from '../../../src/oversight/policies/oversight-policy.ts'
import { dryRunLimits } from '../../../src/oversight/replay/dry-run-limits.ts'
import { dryRunPolicy, lastMonth } from '../../../src/oversight/replay/dry-run-policy.ts'
import { limitsLines, policyLines } from '../../../src/oversight/replay/report-lines.ts'
import { createPolicies } from '../../../src/quota/policies.ts'
import { POLICY_ROWS } from '../../../src/quota/policy-rows.ts'
import { PAYMENTS } from '../../../src/schema/payments.ts'
import { keepLedger } from '../../../src/metering/retention.ts'
import { testGateway } from '../../support/gateway.ts'
import { insertHours, insertRecords } from '../../support/usage-rows.ts'

const NOW = new Date('2026-02-01T12:34:56Z')
const SPAN = lastMonth(NOW)
const POLICY: OversightPolicy = {
  name: 'heavy',
  over: 'hour',
  measure: 'points',
  above: 1000,
  below: 500,
  step: 'suspension',
  pace: null,
  forHours: 5,
}

/** So many seconds into the traffic. */
function at(second: number): Date {
  return new Date(Date.parse('2026-01-10T10:00:00Z') + second * 1000)
}

/** Accounts by name, old enough for a whole day. */
async function people() {
  const gateway = await testGateway()
  const created_at = new Date('2025-01-01T00:00:00Z')
  const [ada, ben, staff] = await Promise.all([
    gateway.account({ username: 'ada', created_at }),
    gateway.account({ username: 'ben', created_at }),
    gateway.account({ username: 'root', role: 'admin', created_at }),
  ])
  return { gateway, ada, ben, staff }
}

test('a dry run of a policy lists whom it would have hit within the last month, how often, and changes nothing', async () => {
  const { gateway, ada, ben, staff } = await people()
  const { database } = gateway
  await insertHours(database, [
    { account_id: ada, hour: new Date('2026-01-10T10:00:00Z'), points: 700, operation: 'A' },
    { account_id: ada, hour: new Date('2026-01-10T10:00:00Z'), points: 300, operation: 'B' },
    { account_id: ada, hour: new Date('2026-01-20T10:00:00Z'), points: 5000 },
    { account_id: ada, hour: new Date('2025-12-20T10:00:00Z'), points: 5000 },
    { account_id: ben, hour: new Date('2026-01-10T10:00:00Z'), points: 999 },
    { account_id: staff, hour: new Date('2026-01-10T10:00:00Z'), points: 5000 },
  ])
  const report = await dryRunPolicy(database.kysely, POLICY, SPAN)
  const account = formatId('acc', ada)
  expect(report).toEqual({
    accounts: 2,
    hit: [
      { account, taken: 2, prolonged: 0, hours: 10, firstMs: Date.parse('2026-01-10T11:00:00Z') },
    ],
  })
  expect(policyLines(POLICY, report, SPAN)).toEqual([
    'heavy: SUSPENSION from 1000 points within an hour, from 2026-01-02 12:00 to 2026-02-01 12:00 UTC',
    `  ${account}  taken 2 times, prolonged 0 times, in force for 10 h, first 2026-01-10 11:00`,
    '  1 of 2 accounts, 2 times',
  ])
  const { rows } = await database.pool.query('select from intervention')
  expect(rows).toEqual([])
})

test('a dry run of budgets lists the keys that would break, by recorded traffic', async () => {
  const { gateway, ada, ben } = await people()
  const { database } = gateway
  await gateway.issueKey({ accountId: ada })
  const key = await database.kysely.selectFrom('api_key').select('id').executeTakeFirstOrThrow()
  const line = { account_id: ada, key_id: key.id, estimated: 400, points: 400 }
  await insertRecords(database, [
    { ...line, recorded_at: at(0) },
    { ...line, recorded_at: at(1) },
    // There are two on the way, and a refusal draws nothing.
    { ...line, recorded_at: at(2) },
    { ...line, recorded_at: at(3), outcome: 'RATE_LIMITED', points: 0 },
    { ...line, recorded_at: at(4), key_id: null, estimated: 100, points: 100 },
    { ...line, recorded_at: at(86_400) },
    { ...line, recorded_at: at(0), account_id: ben, key_id: null },
    { ...line, recorded_at: at(0), account_id: null, key_id: null },
  ])
  const policies = createPolicies({
    ...POLICY_ROWS,
    burst: { capacity: 1000, restorePerSecond: 1000 },
    day: { capacity: 1000 },
    ceiling: 1000,
  })
  const span = { ...SPAN }
  const report = await dryRunLimits(database.kysely, { policies, scale: 1, prices: null }, span)
  const broken = {
    account: formatId('acc', ada),
    key: formatId('key', key.id),
    operations: 4,
    refused: 1,
    first: at(2),
    by: { day: 1 },
  }
  const shared = { refused: 0, first: null, by: {} }
  expect(report).toEqual({ operations: 6, unknown: 0, broken: [broken], shared })
  expect(limitsLines(report, span)).toEqual([
    '6 operations, from 2026-01-02 12:00 to 2026-02-01 12:00 UTC',
    `  ${broken.key} of ${broken.account}  1 of 4 refused, first 2026-01-10 10:00: day 1`,
    '  1 keys would break, 1 operations would be refused',
  ])
  const dearer = await dryRunLimits(database.kysely, { policies, scale: 2.6, prices: null }, span)
  expect(dearer.broken.map(({ refused, by }) => [refused, by])).toEqual([
    [4, { ceiling: 4 }],
    [1, { ceiling: 1 }],
  ])
  const usual = createPolicies(POLICY_ROWS)
  expect(
    (await dryRunLimits(database.kysely, { policies: usual, scale: 1, prices: null }, span)).broken,
  ).toEqual([])
})

test('a dry run of budgets tells what everybody would have met together', async () => {
  const { gateway, ada, ben } = await people()
  const { database } = gateway
  const line = { account_id: ada, key_id: null, estimated: 400, points: 400 }
  await insertRecords(database, [
    { ...line, recorded_at: at(0) },
    { ...line, recorded_at: at(0), account_id: ben },
    { ...line, recorded_at: at(0), account_id: null },
    { ...line, recorded_at: at(1), account_id: null, outcome: 'RATE_LIMITED', points: 0 },
    { ...line, recorded_at: at(2), account_id: null },
    { ...line, recorded_at: at(3), account_id: ben },
  ])
  const rows = {
    ...POLICY_ROWS,
    'service-burst': { capacity: 1000, restorePerSecond: 400 },
    'service-anonymous': { capacity: 400, restorePerSecond: 0.001 },
  }
  const dryRun = (over: object = {}) => {
    const policies = createPolicies({ ...rows, ...over })
    return dryRunLimits(database.kysely, { policies, scale: 1, prices: null }, SPAN)
  }
  const report = await dryRun()
  expect(report.broken).toEqual([])
  expect(report.shared).toEqual({ refused: 1, first: at(0), by: { 'service-burst': 1 } })
  expect(limitsLines(report, SPAN).at(-1)).toBe(
    '  what everybody shares would refuse 1, first 2026-01-10 10:00: service-burst 1',
  )
  const ample = { 'service-burst': { capacity: 5000, restorePerSecond: 1 } }
  expect((await dryRun(ample)).shared.by).toEqual({ 'service-anonymous': 1 })
  const month = await dryRun({ ...ample, 'service-month': { capacity: 1600 } })
  expect(month.shared.by).toEqual({ 'service-anonymous': 1 })
  const less = await dryRun({ ...ample, 'service-month': { capacity: 1599 } })
  expect(less.shared.by).toEqual({ 'service-anonymous': 1, 'service-month': 1 })
})

test('a dry run of budgets goes by the limits that were set for account and key', async () => {
  const { gateway, ada } = await people()
  const { database } = gateway
  await gateway.issueKey({ accountId: ada })
  const key = await database.kysely.selectFrom('api_key').select('id').executeTakeFirstOrThrow()
  await database.kysely
    .insertInto('quota_limit')
    .values([
      { account_id: ada, partition: 'day', capacity: 1000 },
      { account_id: ada, api_key_id: key.id, partition: 'day', capacity: 500 },
    ])
    .execute()
  const line = { account_id: ada, estimated: 300, points: 300 }
  await insertRecords(database, [
    { ...line, recorded_at: at(0), key_id: key.id },
    { ...line, recorded_at: at(1), key_id: key.id },
    { ...line, recorded_at: at(2), key_id: null },
    { ...line, recorded_at: at(3), key_id: null },
    { ...line, recorded_at: at(4), key_id: null },
  ])
  const policies = createPolicies(POLICY_ROWS)
  const { broken } = await dryRunLimits(database.kysely, { policies, scale: 1, prices: null }, SPAN)
  expect(broken.map(({ key: name, refused, by }) => [name, refused, by])).toEqual([
    [formatId('key', key.id), 1, { 'key-day': 1 }],
    [null, 1, { day: 1 }],
  ])
})

test('a dry run of prices goes by what each document pays for, and tells of those that are not known', async () => {
  const { gateway, ada } = await people()
  const { database, meter } = gateway
  const key = await gateway.issueKey({ accountId: ada })
  const SETS = '{ measurementSets(first: 10) { nodes { name } } }'
  const run = async (document: string): Promise<void> => {
    expect((await gateway.post(document, key)).codes).toEqual([])
  }
  await run(SETS)
  await run(SETS)
  await run('{ me { username } }')
  // Of several operations in one document, nobody knows which one a record means.
  const several = await gateway.send({
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({
      query: 'query A { me { username } } query B { me { bio } }',
      operationName: 'B',
    }),
  })
  expect(several.status).toBe(200)
  await meter.ship()
  const documents = await database.kysely
    .selectFrom('usage_document')
    .select('paid')
    .orderBy('document')
    .execute()
  expect(documents).toHaveLength(2)
  expect(documents).toEqual(
    expect.arrayContaining([
      { paid: { operation: 1, connection: 1, object: 10 } },
      { paid: { operation: 1, relation: 1, object: 1 } },
    ]),
  )
  const policies = createPolicies({ ...POLICY_ROWS, ceiling: 100 })
  const dryRun = (over: object) =>
    dryRunLimits(
      database.kysely,
      { policies, scale: 1, prices: { now: PAYMENTS, proposed: { ...PAYMENTS, ...over } } },
      { fromMs: Date.now() - 3_600_000, toMs: Date.now() + 3_600_000 },
    )
  // 1 + 10 + 89 is what one operation may cost, 1 + 10 + 90 is not.
  expect((await dryRun({ connection: 89 })).broken).toEqual([])
  const report = await dryRun({ connection: 90 })
  expect(report).toMatchObject({ operations: 4, unknown: 1 })
  expect(report.broken.map(({ refused, by }) => [refused, by])).toEqual([[2, { ceiling: 2 }]])
  expect(limitsLines(report, SPAN).at(-1)).toBe(
    '  1 operations are taken at the prices they had: their documents are not known',
  )
})

test('a document is noted anew once it is old, and forgotten after its records', async () => {
  const time = { now: new Date('2026-06-15T12:00:00Z') }
  const gateway = await testGateway({ reconciles: false, now: () => time.now })
  const { kysely } = gateway.database
  const notedAt = async () => {
    const key = await gateway.issueKey()
    expect((await gateway.post('{ me { username } }', key)).codes).toEqual([])
    await gateway.meter.ship()
    const [row, ...others] = await kysely.selectFrom('usage_document').select('noted_at').execute()
    expect(others).toEqual([])
    return row?.noted_at.toISOString()
  }
  expect(await notedAt()).toBe('2026-06-15T12:00:00.000Z')
  time.now = new Date('2026-07-10T12:00:00Z')
  expect(await notedAt()).toBe('2026-06-15T12:00:00.000Z')
  time.now = new Date('2026-07-16T12:00:00Z')
  expect(await notedAt()).toBe('2026-07-16T12:00:00.000Z')
  const keep = async (now: string): Promise<number> => {
    await keepLedger({ kysely }, () => new Date(now), { recordDays: 90, usageMonths: 25 })
    return (await kysely.selectFrom('usage_document').select('document').execute()).length
  }
  expect(await keep('2026-12-15T00:00:00Z')).toBe(1)
  expect(await keep('2026-12-16T00:00:00Z')).toBe(0)
})
