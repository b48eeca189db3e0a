import { describe, expect, test } from 'vitest'

import { formatId } from '../../src/ids.ts'
import { rollUp } from '../../src/metering/roll-up.ts'
import type { UsageRecord } from '../../src/metering/usage-record.ts'
import { testGateway, type TestGateway } from '../support/gateway.ts'
import { signedIn } from '../support/signed-in.ts'
import { usageRecord } from '../support/usage-records.ts'

const at = (text: string): number => Date.parse(`2026-11-${text}`)
const AUTUMN = { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' }

async function used() {
  // Its records say what nothing was drawn for.
  const gateway = await testGateway({ reconciles: false })
  const accountId = await gateway.account()
  const key = await gateway.issueKey({ accountId })
  const { rows } = await gateway.database.pool.query<{ id: string }>('select id from api_key')
  const keyId = rows[0]?.id ?? ''
  const record = (over: Partial<UsageRecord>): void =>
    gateway.meter.record(
      usageRecord({ accountId, keyId, points: 10, bytes: 100, databaseUs: 1500, ...over }),
    )
  record({ atMs: at('03T10:10:00Z'), operation: 'Sets' })
  record({ atMs: at('03T10:50:00Z'), operation: 'Me' })
  record({ atMs: at('03T11:00:00Z'), operation: 'Sets', outcome: 'LEVEL_TOO_LOW', points: 0 })
  record({ atMs: at('05T23:59:59.999Z'), keyId: null, operation: '' })
  // Somebody else's.
  const other = await gateway.account()
  record({ atMs: at('03T10:10:00Z'), accountId: other, keyId: null, points: 1000 })
  record({ atMs: at('03T10:10:00Z'), accountId: null, keyId: null, points: 1000 })
  await gateway.meter.ship()
  return { gateway, accountId, key, keyId }
}

async function report(
  { post }: TestGateway,
  key: string,
  field: string,
  variables: object = AUTUMN,
) {
  const { data, codes } = await post(
    `query ($from: DateTime, $to: DateTime) { ${field} }`,
    key,
    variables,
  )
  return codes.length > 0 ? codes : data
}

const ROWS = 'rows { from to key { id } operation operations points refusals databaseMs bytes }'
const row = (from: string, to: string, over: object) => ({
  from: `2026-11-${from}:00+00:00`,
  to: `2026-11-${to}:00+00:00`,
  key: null,
  operation: null,
  ...over,
})
const sums = (operations: number, points: number, refusals: number) => ({
  operations,
  points,
  refusals,
  databaseMs: 1.5 * operations,
  bytes: 100 * operations,
})

describe.each([
  ['that is rolled up', true],
  ['that is not rolled up yet', false],
])('a report of usage %s', (_what, isRolled) => {
  test('has a row for each day or hour in which anything was used, and a total', async () => {
    const { gateway, key } = await used()
    if (isRolled) await rollUp(gateway.database)
    expect(
      await report(
        gateway,
        key,
        `usage(from: $from, to: $to) { ${ROWS} total { from to operations points refusals databaseMs bytes } }`,
      ),
    ).toEqual({
      usage: {
        rows: [
          row('03T00:00', '04T00:00', sums(3, 20, 1)),
          row('05T00:00', '06T00:00', sums(1, 10, 0)),
        ],
        total: {
          from: '2026-11-01T00:00:00+00:00',
          to: '2026-12-01T00:00:00+00:00',
          ...sums(4, 30, 1),
        },
      },
    })
    expect(await report(gateway, key, `usage(from: $from, to: $to, by: HOUR) { ${ROWS} }`)).toEqual(
      {
        usage: {
          rows: [
            row('03T10:00', '03T11:00', sums(2, 20, 0)),
            row('03T11:00', '03T12:00', sums(1, 0, 1)),
            row('05T23:00', '06T00:00', sums(1, 10, 0)),
          ],
        },
      },
    )
  })

  test('tells keys or operations apart', async () => {
    const { gateway, key, keyId } = await used()
    if (isRolled) await rollUp(gateway.database)
    const named = { key: { id: formatId('key', keyId) } }
    expect(
      await report(gateway, key, `usage(from: $from, to: $to, groupBy: KEY) { ${ROWS} }`),
    ).toEqual({
      usage: {
        rows: [
          row('03T00:00', '04T00:00', { ...sums(3, 20, 1), ...named }),
          row('05T00:00', '06T00:00', sums(1, 10, 0)),
        ],
      },
    })
    expect(
      await report(gateway, key, `usage(from: $from, to: $to, groupBy: OPERATION) { ${ROWS} }`),
    ).toEqual({
      usage: {
        rows: [
          row('03T00:00', '04T00:00', { ...sums(1, 10, 0), operation: 'Me' }),
          row('03T00:00', '04T00:00', { ...sums(2, 10, 1), operation: 'Sets' }),
          row('05T00:00', '06T00:00', { ...sums(1, 10, 0), operation: '' }),
        ],
      },
    })
  })

  test('of a key is of that key alone, and ends where its period ends', async () => {
    const { gateway, key } = await used()
    if (isRolled) await rollUp(gateway.database)
    const field = `apiKeys { nodes { usage(from: $from, to: $to) { rows { to points } total { points } } } }`
    expect(await report(gateway, key, field)).toMatchObject({
      apiKeys: { nodes: [{ usage: { rows: [{ points: 20 }], total: { points: 20 } } }] },
    })
    const morning = { from: '2026-11-03T09:30:00Z', to: '2026-11-03T10:59:59Z' }
    expect(await report(gateway, key, field, morning)).toMatchObject({
      apiKeys: {
        nodes: [{ usage: { rows: [{ to: '2026-11-03T11:00:00+00:00', points: 20 }] } }],
      },
    })
  })
})

test('what was just used is in it, and counts for thirty days where no time is given', async () => {
  const gateway = await testGateway()
  const key = await gateway.issueKey()
  await gateway.post('query Sets { measurementSets(first: 1) { nodes { id } } }', key)
  await gateway.meter.ship()
  const { data } = await gateway.post(
    '{ me { usage(groupBy: OPERATION) { rows { operation operations } total { from to points } } } }',
    key,
  )
  const { usage } = (data as { me: { usage: { total: { from: string; to: string } } } }).me
  expect(usage).toMatchObject({
    rows: [{ operation: 'Sets', operations: 1 }],
    total: { points: 6 },
  })
  expect(Date.parse(usage.total.to) - Date.parse(usage.total.from)).toBeLessThanOrEqual(
    30 * 86_400_000 + 3_600_000,
  )
})

test('points that were lost or corrected count for the account, and for none of its keys', async () => {
  const { gateway, accountId, key } = await used()
  await gateway.database.pool.query(
    `insert into ledger_entry (id, kind, account_id, points, explained, leased_at, reason, created_at) values
       (gen_random_uuid(), 'forfeit', $1, 100, 30, '2026-11-03T10:00:00Z', 'unsettled', '2026-11-03T10:00:09Z'),
       (gen_random_uuid(), 'correction', $1, -5, 0, null, 'By hand.', '2026-11-03T10:00:09Z')`,
    [accountId],
  )
  expect(
    await report(
      gateway,
      key,
      'usage(from: $from, to: $to) { total { points operations } } apiKeys { nodes { usage(from: $from, to: $to) { total { points } } } }',
    ),
  ).toEqual({
    usage: { total: { points: 30 + 70 - 5, operations: 4 } },
    apiKeys: { nodes: [{ usage: { total: { points: 20 } } }] },
  })
})

test('a period that ends before it begins is refused', async () => {
  const { gateway, key } = await used()
  const backwards = { from: AUTUMN.to, to: AUTUMN.from }
  expect(
    await report(gateway, key, 'usage(from: $from, to: $to) { total { points } }', backwards),
  ).toEqual(['INPUT_INVALID'])
})

test('a session sees it though the budgets of the account are empty', async () => {
  const gateway = await testGateway({ reconciles: false })
  const accountId = await gateway.account()
  const { token } = await signedIn(gateway, accountId)
  await gateway.database.pool.query(
    `insert into quota_budget (partition, subject, drawn) values ('day', $1, 1e12)`,
    [accountId],
  )
  const usage = await gateway.post('{ usage { total { points } } }', token)
  expect([usage.status, usage.data]).toEqual([200, { usage: { total: { points: 0 } } }])
  expect((await gateway.post('{ bookmarks { totalCount } }', token)).status).toBe(429)
})
