import { expect, test } from 'vitest'

import { keepBill, type Warning } from '../../../src/oversight/bill/keep-bill.ts'
import { rollUp } from '../../../src/metering/roll-up.ts'
import { readShares } from '../../../src/quota/read-shares.ts'
import { createPostgresStore } from '../../../src/quota/postgres-store.ts'
import { formatId } from '../../../src/ids.ts'
import { testGateway } from '../../support/gateway.ts'
import { mailsTo } from '../../support/intervening.ts'
import { insertRecords } from '../../support/usage-rows.ts'

const MEGABYTE = 1_000_000
const SECOND_US = 1_000_000
const PRICES = { databaseSecond: 0.5, cpuSecond: 2, gigabyte: 250 }
const NOBODY = '00000000-0000-0000-0000-000000000000'

/** An admin, two users, and the bill at noon of the eleventh of a month of thirty days. */
async function billed(ceiling: number | null) {
  const time = { now: new Date('2026-11-11T12:00:00Z') }
  const gateway = await testGateway({ reconciles: false, now: () => time.now })
  const { database, acts } = gateway
  const admin = await gateway.account({ username: 'root', role: 'admin' })
  const ada = await gateway.account({ username: 'ada' })
  const ben = await gateway.account({ username: 'ben' })
  const key = await gateway.issueKey({ accountId: admin, level: 8 })
  const warnings: Warning[] = []
  const bill = { currency: 'CHF', prices: PRICES, ceiling }
  return {
    gateway,
    database,
    time,
    bill,
    admin,
    ada,
    ben,
    warnings,
    /** One operation at a time of November. */
    used: (account: string | null, at: string, what: Readonly<Record<string, number>>) =>
      insertRecords(database, [
        {
          account_id: account,
          recorded_at: new Date(`${at.startsWith('20') ? '' : '2026-'}${at}`),
          operation: 'Sets',
          ...what,
        },
      ]),
    count: (over: Partial<typeof bill> = {}) =>
      keepBill({
        ...acts,
        bill: { ...bill, ...over },
        store: createPostgresStore(database),
        onWarning: (warning) => void warnings.push(warning),
      }),
    ask: async (fields: string) => {
      const { data, codes } = await gateway.post(`{ oversight { ${fields} } }`, key)
      expect(codes).toEqual([])
      return (data as { readonly oversight: object }).oversight
    },
  }
}

const BILL = `bill {
  from countedAt currency spent forecast ceiling warnedPercent pointPrice
  slowed { account { username } restorePerSecond demandPerSecond }
}`

test('a bill is null before it was counted, and has what each use costs from then on', async () => {
  const { ask, count, used, ada, ben, database } = await billed(null)
  expect(await ask(`${BILL} total { cost } topAccounts { cost }`)).toEqual({
    bill: null,
    total: { cost: null },
    topAccounts: [],
  })
  await used(ada, '11-02T08:00:00Z', { bytes: 8 * MEGABYTE, points: 300 })
  await used(ben, '11-05T08:00:00Z', { database_us: 6 * SECOND_US, points: 100 })
  await used(NOBODY, '11-06T08:00:00Z', { bytes: 4 * MEGABYTE, points: 50 })
  await rollUp(database)
  await used(null, '11-11T09:00:00Z', { bytes: 20 * MEGABYTE, points: 50 })
  // Of the month before: not in it.
  await used(ada, '10-31T23:59:59Z', { bytes: 1000 * MEGABYTE, points: 9000 })
  await count()
  expect(await ask(BILL)).toMatchObject({
    bill: {
      from: '2026-11-01T00:00:00+00:00',
      countedAt: '2026-11-11T12:00:00+00:00',
      currency: 'CHF',
      spent: 2 + 3 + 1 + 5,
      ceiling: null,
      warnedPercent: 0,
      slowed: [],
    },
  })
})

test('CPU costs what an operation was measured to take, as it was measured last', async () => {
  const { ask, count, used, ada, database } = await billed(null)
  const measured = { error: 1, explained: 0.9, operations: 500 }
  const cpu = (at: string, operation: number, point: number) => ({
    ...measured,
    resource: 'cpu_us',
    measured_at: new Date(at),
    per_operation: operation,
    per_point: point,
  })
  await database.kysely
    .insertInto('point_cost')
    .values([cpu('2026-11-02T00:00:00Z', 1000, 50), cpu('2026-11-01T00:00:00Z', 9e9, 9e9)])
    .execute()
  await used(ada, '11-10T08:00:00Z', { operations: 10_000, points: 300_000 })
  await count()
  // 10 s for the operations and 15 s for their points, at 2 a second.
  expect(await ask('bill { spent pointPrice }')).toEqual({
    bill: { spent: 50, pointPrice: 50 / 300_000 },
  })
})

test('the forecast is what the month cost, and the rate of late for what is left of it', async () => {
  const { ask, count, used, ada } = await billed(null)
  await used(ada, '11-04T00:00:00Z', { bytes: 4 * MEGABYTE, points: 1 })
  await count()
  // 1 in the seven days and a half since, for the nineteen days and a half that are left.
  const { bill } = (await ask('bill { forecast }')) as { bill: { forecast: number } }
  expect(bill.forecast).toBeCloseTo(1 + 19.5 / 7.5)
})

test('who would use more than the fair share of a ceiling is slowed down, until there is none', async () => {
  const { ask, count, used, ada, ben, database } = await billed(10)
  await used(ada, '11-10T12:00:00Z', { bytes: 20 * MEGABYTE, points: 500_000 })
  await used(ben, '11-10T12:00:00Z', { bytes: MEGABYTE / 50, points: 500 })
  await count()
  const { month, rates, anonymousRate } = await readShares(database.kysely)
  expect([...rates.keys()]).toEqual([ada])
  expect(anonymousRate).toBeNull()
  // 5 of 10 are spent, 500 000 points for them, and 1.8 for ben until the end of the month at most.
  expect(month?.capacity).toBeGreaterThan(495_000)
  expect(month?.capacity).toBeLessThan(505_000)
  expect(month!.capacityOfSlowed).toBeLessThan(month!.capacity - 4_000)
  const [demand, rate] = [500_000 / 129_600, rates.get(ada)!]
  expect(rate).toBeLessThan(demand)
  // What he gets until the month is over, all of it, is what ben and the reserve leave.
  expect(rate * 19.5 * 86_400).toBeGreaterThan(480_000)
  expect(rate * 19.5 * 86_400).toBeLessThan(500_000)
  expect(await ask(BILL)).toMatchObject({
    bill: {
      ceiling: 10,
      warnedPercent: 50,
      slowed: [{ account: { username: 'ada' }, restorePerSecond: rate }],
    },
  })
  await count({ ceiling: null })
  expect(await readShares(database.kysely)).toEqual({
    month: null,
    rates: new Map(),
    anonymousRate: null,
  })
  expect(await ask('bill { slowed { demandPerSecond } }')).toEqual({ bill: { slowed: [] } })
})

test('clients without credentials share one budget, and it is slowed down like an account', async () => {
  const { count, used, ada, ask, database } = await billed(10)
  await used(null, '11-10T12:00:00Z', { bytes: 20 * MEGABYTE, points: 500_000 })
  await used(ada, '11-10T12:00:00Z', { bytes: MEGABYTE / 50, points: 500 })
  await count()
  const { rates, anonymousRate } = await readShares(database.kysely)
  expect([...rates.keys()]).toEqual([])
  expect(anonymousRate).toBeGreaterThan(0.2)
  expect(anonymousRate).toBeLessThan(0.4)
  expect(await ask('bill { slowed { account { username } } }')).toEqual({
    bill: { slowed: [{ account: null }] },
  })
})

test('an account that is gone by the time it is slowed down stops nothing', async () => {
  const { count, used, ada, database } = await billed(10)
  await used('01890000-0000-7000-8000-000000000000', '11-10T12:00:00Z', {
    bytes: 20 * MEGABYTE,
    points: 500_000,
  })
  await used(ada, '11-10T12:00:00Z', { bytes: MEGABYTE / 50, points: 500 })
  await count()
  expect((await readShares(database.kysely)).rates.size).toBe(0)
})

test('admins are told once of each part of the ceiling that is reached', async () => {
  const { count, used, ada, admin, gateway, warnings, time, ask } = await billed(10)
  const percents = () => warnings.map(({ percent }) => percent)
  const spend = (amount: number) =>
    used(ada, '11-11T11:00:00Z', { bytes: Math.round(amount * 4 * MEGABYTE), points: 100 })
  await spend(4.9)
  await count()
  expect(percents()).toEqual([])
  await spend(0.25)
  await count()
  await count()
  expect(percents()).toEqual([50])
  expect(warnings[0]).toMatchObject({ ceiling: 10, currency: 'CHF' })
  expect(warnings[0]?.spent).toBeCloseTo(5.15)
  // Past two at once: the higher one is told of.
  await spend(4.5)
  await Promise.all([count(), count()])
  expect(percents()).toEqual([50, 95])
  const mails = await mailsTo(gateway, admin)
  const told = mails.map((text) => Number(/(\d+) %/.exec(text)?.[1]))
  expect(told.toSorted((a, b) => a - b)).toEqual([50, 95])
  expect(await mailsTo(gateway, ada)).toEqual([])
  expect(await ask('bill { warnedPercent }')).toEqual({ bill: { warnedPercent: 95 } })
  // Another month, other warnings.
  time.now = new Date('2026-12-01T00:10:00Z')
  await used(ada, '12-01T00:05:00Z', { bytes: 32 * MEGABYTE, points: 100 })
  await count()
  expect(percents()).toEqual([50, 95, 80])
})

test('the accounts that cost most can be told by their ids', async () => {
  const { count, used, ada, gateway, ask } = await billed(null)
  await used(ada, new Date().toISOString(), { bytes: 8 * MEGABYTE, points: 300 })
  await count()
  expect(await ask('total { cost } topAccounts { cost account { id } }')).toEqual({
    total: { cost: 2 },
    topAccounts: [{ cost: 2, account: { id: formatId('acc', ada) } }],
  })
  expect(gateway.logged).toEqual([])
})
