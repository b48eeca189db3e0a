import { expect, test } from 'vitest'

import { formatId } from '../../../src/ids.ts'
import type { OversightPolicy } from '../../../src/oversight/policies/oversight-policy.ts'
import { dryRunLimits } from '../../../src/oversight/replay/dry-run-limits.ts'
import { dryRunPolicy, lastMonth } from '../../../src/oversight/replay/dry-run-policy.ts'
import { limitsLines, policyLines } from '../../../src/oversight/replay/report-lines.ts'
import { createPolicies } from '../../../src/quota/policies.ts'
import { POLICY_ROWS } from '../../../src/quota/policy-rows.ts'
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
  const report = await dryRunLimits(database.kysely, { policies, scale: 1 }, span)
  const broken = {
    account: formatId('acc', ada),
    key: formatId('key', key.id),
    operations: 4,
    refused: 1,
    first: at(2),
    by: { day: 1 },
  }
  expect(report).toEqual({ operations: 6, broken: [broken] })
  expect(limitsLines(report, span)).toEqual([
    '6 operations, from 2026-01-02 12:00 to 2026-02-01 12:00 UTC',
    `  ${broken.key} of ${broken.account}  1 of 4 refused, first 2026-01-10 10:00: day 1`,
    '  1 keys would break, 1 operations would be refused',
  ])
  const dearer = await dryRunLimits(database.kysely, { policies, scale: 2.6 }, span)
  expect(dearer.broken.map(({ refused, by }) => [refused, by])).toEqual([
    [4, { ceiling: 4 }],
    [1, { ceiling: 1 }],
  ])
  const usual = createPolicies(POLICY_ROWS)
  expect((await dryRunLimits(database.kysely, { policies: usual, scale: 1 }, span)).broken).toEqual(
    [],
  )
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
  const { broken } = await dryRunLimits(database.kysely, { policies, scale: 1 }, SPAN)
  expect(broken.map(({ key: name, refused, by }) => [name, refused, by])).toEqual([
    [formatId('key', key.id), 1, { 'key-day': 1 }],
    [null, 1, { day: 1 }],
  ])
})
