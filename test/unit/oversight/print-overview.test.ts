import { expect, test } from 'vitest'

import { printOverview } from '../../../src/oversight/reports/print-overview.ts'
import type { Overview, Totals } from '../../../src/oversight/reports/read-overview.ts'

const none: Totals = {
  operations: 0,
  points: 0,
  refusals: 0,
  database_ms: 0,
  bytes: 0,
  looseness: null,
  cost: 0,
}
const used: Totals = {
  operations: 1234,
  points: 45_678,
  refusals: 12,
  database_ms: 61_500,
  bytes: 34_000_000,
  looseness: 2,
  cost: 12.346,
}
const full: Overview = {
  days: 5,
  total: used,
  forecast: { ...used, points: 1_234_567.8 },
  bill: { currency: 'EUR', spent: 80.5, forecast: 120.254, ceiling: 100, slowed: 1 },
  trend: [none, { ...none, points: 1 }, { ...none, points: 50 }, { ...none, points: 100 }, none],
  topAccounts: [{ ...used, name: 'ada' }],
  topKeys: [],
  topOperations: [{ ...used, name: '' }],
  loosest: [{ ...used, name: 'Sets' }],
  refusals: [{ code: 'RATE_LIMITED', refusals: 1500 }],
}

test('an overview is a page of a terminal', () => {
  expect(printOverview(full, 80).join('\n')).toMatchInlineSnapshot(`
    "Last 5 days: 1.2k calls, 46k points, 12 refused, 62 db s, 34M bytes
    Forecast of the month: 1.2k calls, 1.2M points, 12 refused, 62 db s, 34M bytes
    Bill of the month: 80.50 of 100.00 EUR spent, 120.25 forecast, 1 slowed down

    points    ▁▂▅█▁
    refused   ▁▁▁▁▁

    Accounts                points     calls   refused      db s     bytes       EUR
    ada                        46k      1.2k        12        62       34M     12.35

    Operations              points     calls   refused      db s     bytes       EUR
    (unnamed)                  46k      1.2k        12        62       34M     12.35

    Loosest prices: Sets x2.0
    Refusals: RATE_LIMITED 1.5k"
  `)
})

test('a month without a ceiling, and before anything was counted', () => {
  const free = { ...full, bill: { ...full.bill!, ceiling: null, slowed: 0 } }
  expect(printOverview(free, 80)[2]).toBe('Bill of the month: 80.50 EUR spent, 120.25 forecast')
  const uncounted = printOverview({ ...full, bill: null }, 80).join('\n')
  expect(uncounted).not.toMatch(/EUR|Bill/)
})

test.each([40, 60, 200])('no line is longer than %i columns', (columns) => {
  const longest = { ...used, name: 'a'.repeat(300) }
  const wide = { ...full, topAccounts: [longest], trend: Array.from({ length: 500 }, () => used) }
  const lengths = printOverview(wide, columns).map((line) => line.length)
  expect(Math.max(...lengths)).toBeLessThanOrEqual(columns)
})

test('a ledger in which nothing is yet says so', () => {
  const empty = {
    days: 1,
    total: none,
    forecast: none,
    bill: null,
    trend: [none],
    topAccounts: [],
    topKeys: [],
    topOperations: [],
    loosest: [],
    refusals: [],
  }
  expect(printOverview(empty, 80)[0]).toBe(
    'Last 1 days: 0 calls, 0 points, 0 refused, 0 db s, 0 bytes',
  )
})
