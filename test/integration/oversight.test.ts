import { randomUUID } from 'node:crypto'

import { describe, expect, test } from 'vitest'

import { formatId } from '../../src/ids.ts'
import { rollUp } from '../../src/metering/roll-up.ts'
import type { UsageRecord } from '../../src/metering/usage-record.ts'
import { testGateway } from '../support/gateway.ts'
import { usageRecord } from '../support/usage-records.ts'

const NOVEMBER = { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' }

function at(text: string): number {
  return Date.parse(`2026-11-${text}`)
}

async function watched(isRolled: boolean) {
  const gateway = await testGateway({ reconciles: false })
  const adminId = await gateway.account({ username: 'boss', role: 'admin' })
  const key = await gateway.issueKey({ accountId: adminId, level: 8 })
  const heavy = await gateway.account({ username: 'heavy' })
  const light = await gateway.account({ username: 'light' })
  const heavyKey = randomUUID()
  const record = (over: Partial<UsageRecord>, count = 1): void => {
    for (let n = 0; n < count; n += 1) gateway.meter.record(usageRecord(over))
  }
  const noon = at('03T12:00:00Z')
  record(
    { accountId: heavy, keyId: heavyKey, points: 50, estimated: 100, atMs: noon, bytes: 10 },
    30,
  )
  record(
    {
      accountId: light,
      operation: 'Me',
      points: 2,
      estimated: 2,
      atMs: at('04T12:00:00Z'),
      bytes: 9000,
    },
    25,
  )
  record({ accountId: light, operation: 'Me', points: 0, outcome: 'LEVEL_TOO_LOW', atMs: noon }, 3)
  record({ points: 1, operation: '', atMs: noon, outcome: 'RATE_LIMITED', operations: 7 })
  // Before the time that is asked for.
  record({ accountId: light, points: 9999, atMs: Date.parse('2026-10-31T23:59:59Z') })
  await gateway.meter.ship()
  if (isRolled) await rollUp(gateway.database)
  const ask = async (fields: string, variables: object = NOVEMBER) => {
    const { data, codes } = await gateway.post(
      `query ($from: DateTime, $to: DateTime) { oversight(from: $from, to: $to) { ${fields} } }`,
      key,
      variables,
    )
    return codes.length > 0 ? codes : (data as { oversight: object }).oversight
  }
  return { gateway, ask, heavyKey }
}

describe.each([
  ['rolled up', true],
  ['not rolled up yet', false],
])('oversight of what is %s', (_what, isRolled) => {
  test('tells who used most, by whatever counts', async () => {
    const { ask, heavyKey } = await watched(isRolled)
    expect(
      await ask(`total { from to operations points refusals }
        topAccounts { account { username } points operations refusals }
        byBytes: topAccounts(by: BYTES) { account { username } }
        topKeys { key points looseness }
        topOperations(by: REFUSALS) { operation refusals }`),
    ).toEqual({
      total: {
        from: '2026-11-01T00:00:00+00:00',
        to: '2026-12-01T00:00:00+00:00',
        operations: 65,
        points: 1551,
        refusals: 10,
      },
      topAccounts: [
        { account: { username: 'heavy' }, points: 1500, operations: 30, refusals: 0 },
        { account: { username: 'light' }, points: 50, operations: 28, refusals: 3 },
      ],
      byBytes: [{ account: { username: 'light' } }, { account: { username: 'heavy' } }],
      topKeys: [{ key: formatId('key', heavyKey), points: 1500, looseness: 2 }],
      topOperations: [
        { operation: '', refusals: 7 },
        { operation: 'Me', refusals: 3 },
        { operation: 'Sets', refusals: 0 },
      ],
    })
  })

  test('tells how it went day by day, what was refused, and which prices are loose', async () => {
    const { ask } = await watched(isRolled)
    expect(
      await ask(
        'trend { from to points } refusals { code refusals } loosest { operation looseness }',
      ),
    ).toEqual({
      trend: [
        { from: '2026-11-03T00:00:00+00:00', to: '2026-11-04T00:00:00+00:00', points: 1501 },
        { from: '2026-11-04T00:00:00+00:00', to: '2026-11-05T00:00:00+00:00', points: 50 },
      ],
      refusals: [
        { code: 'RATE_LIMITED', refusals: 7 },
        { code: 'LEVEL_TOO_LOW', refusals: 3 },
      ],
      loosest: [
        { operation: 'Sets', looseness: 2 },
        { operation: 'Me', looseness: 1 },
      ],
    })
  })
})

test('the forecast of the month is what it came to, and the last week’s mean for each day that is left', async () => {
  const gateway = await testGateway({ reconciles: false })
  const adminId = await gateway.account({ role: 'admin' })
  const key = await gateway.issueKey({ accountId: adminId, level: 8 })
  const today = Math.floor(Date.now() / 86_400_000) * 86_400_000
  for (let day = 1; day <= 7; day += 1) {
    gateway.meter.record(usageRecord({ atMs: today - day * 86_400_000, points: 700 }))
  }
  await gateway.meter.ship()
  const { data } = await gateway.post('{ oversight { forecast { from to points } } }', key)
  const { forecast } = (
    data as { oversight: { forecast: { from: string; to: string; points: number } } }
  ).oversight
  const [from, to] = [Date.parse(forecast.from), Date.parse(forecast.to)]
  const soFar = [1, 2, 3, 4, 5, 6, 7].filter((day) => today - day * 86_400_000 >= from).length * 700
  const left = (to - Date.now()) / 86_400_000
  expect(forecast.points).toBeCloseTo(soFar + left * 700, -1)
  expect(new Date(from).getUTCDate()).toBe(1)
})

test('a time that ends before it begins is refused', async () => {
  const { ask } = await watched(false)
  const backwards = { from: NOVEMBER.to, to: NOVEMBER.from }
  expect(await ask('total { points }', backwards)).toEqual(['INPUT_INVALID'])
})
