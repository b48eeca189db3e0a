import { expect, test } from 'vitest'

import { pricesOf } from '../../../../src/oversight/bill/prices.ts'

const PRICES = { databaseSecond: 3, cpuSecond: 2, gigabyte: 5 }

test.each([
  ['before CPU was measured', null, { perOperation: 0, perPoint: 0 }],
  [
    'as CPU was measured',
    { perOperation: 500_000, perPoint: 1000 },
    { perOperation: 1, perPoint: 0.002 },
  ],
  [
    'where a fit falls below nothing',
    { perOperation: -5, perPoint: -1 },
    { perOperation: 0, perPoint: 0 },
  ],
])('what use costs %s', (_when, cpu, costs) => {
  expect(pricesOf(PRICES, cpu)).toEqual({ ...costs, perDatabaseUs: 3e-6, perByte: 5e-9 })
})
