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
}
const used: Totals = {
  operations: 1234,
  points: 45_678,
  refusals: 12,
  database_ms: 61_500,
  bytes: 34_000_000,
  looseness: 2,
}
const full: Overview = {
  days: 5,
  total: used,
  forecast: { ...used, points: 1_234_567.8 },
  trend: [none, { ...none, points: 1 }, { ...none, points: 50 }, { ...none, points: 100 }, none],
  topAccounts: [{ ...used, name: 'ada' }],
  topKeys: [],
  topOperations: [{ ...used, name: '' }],
  loosest: [{ ...used, name: 'Sets' }],
  refusals: [{ code: 'RATE_LIMITED', refusals: 1500 }],
}

test('an overview is a page of a terminal', () => {
  expect(printOverview(full, 80).join('\n')).toMatchInlineSnapshot(`
    "Last 5 days: 1.2k operations, 46k points, 12 refused, 62 s of database, 34M byt…
    This month will come to: 1.2k operations, 1.2M points, 12 refused, 62 s of data…

    points    ▁▂▅█▁
    refused   ▁▁▁▁▁

    Accounts                          points     calls   refused      db s     bytes
    ada                                  46k      1.2k        12        62       34M

    Operations                        points     calls   refused      db s     bytes
    (unnamed)                            46k      1.2k        12        62       34M

    Loosest prices: Sets x2.0
    Refusals: RATE_LIMITED 1.5k"
  `)
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
    trend: [none],
    topAccounts: [],
    topKeys: [],
    topOperations: [],
    loosest: [],
    refusals: [],
  }
  expect(printOverview(empty, 80)[0]).toBe(
    'Last 1 days: 0 operations, 0 points, 0 refused, 0 s of database, 0 bytes',
  )
})
