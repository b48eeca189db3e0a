import { describe, expect, test } from 'vitest'

import type { BudgetLevel } from '../../../src/quota/quota.ts'
import { fewestLeft, rateLimitFields } from '../../../src/quota/rate-limit-fields.ts'

const BURST: BudgetLevel = {
  partition: 'burst',
  budget: { kind: 'bucket', capacity: 2000, restorePerSecond: 100 },
  remaining: 1909,
  resetMs: 910,
}
const DAY: BudgetLevel = {
  partition: 'day',
  budget: { kind: 'window', window: 'day', capacity: 200_000 },
  remaining: 141_877,
  resetMs: 30_211_000,
}

function bucket(capacity: number, restorePerSecond: number): BudgetLevel {
  return { ...BURST, budget: { kind: 'bucket', capacity, restorePerSecond } }
}

const policyOf = (level: BudgetLevel) => rateLimitFields([level], 'normal')['RateLimit-Policy']
const limitOf = (level: BudgetLevel) => rateLimitFields([level], 'normal')['RateLimit']

describe('the fields', () => {
  test('name every budget with its quota, its window and what is left of it', () => {
    expect(rateLimitFields([BURST, DAY], 'normal')).toEqual({
      'RateLimit-Policy':
        '"burst";q=2000;w=20;maat-unit="points", "day";q=200000;w=86400;maat-unit="points"',
      RateLimit: '"burst";r=1909;t=1, "day";r=141877;t=30211',
    })
  })

  test('are absent where nothing is known', () => {
    expect(rateLimitFields([], 'normal')).toEqual({})
  })

  test('say in emergency mode that it is one', () => {
    const level = { ...bucket(200, 200 / 60), partition: 'emergency' as const, remaining: 150 }
    expect(rateLimitFields([level], 'emergency')).toEqual({
      'RateLimit-Policy': '"emergency";q=200;w=60;maat-unit="points";maat-mode="emergency"',
      RateLimit: '"emergency";r=150;t=1;maat-mode="emergency"',
    })
    expect(policyOf(level)).not.toContain('maat-mode')
  })

  test.each([
    [1909.99, 0, 'r=1909;t=0'],
    [0.5, 0.001, 'r=0;t=1'],
    [-3, 1000, 'r=0;t=1'],
    [1, 1000.1, 'r=1;t=2'],
  ])('round %d points down and %d ms up: %s', (remaining, resetMs, expected) => {
    expect(limitOf({ ...BURST, remaining, resetMs })).toBe(`"burst";${expected}`)
  })

  test.each([
    [60, 1, 60],
    [200, 3, 67],
    [1, 1000, 1],
    [2_147_483_647, 1e-300, 999_999_999_999_999],
  ])(
    'give a bucket of %d at %d a second a window of whole seconds: %d',
    (capacity, rate, window) => {
      expect(policyOf(bucket(capacity, rate))).toBe(
        `"burst";q=${capacity};w=${window};maat-unit="points"`,
      )
    },
  )

  test('hold no integer that a structured field can not hold', () => {
    expect(limitOf({ ...BURST, remaining: 1e12, resetMs: 1e300 })).toBe(
      '"burst";r=1000000000000;t=999999999999999',
    )
  })

  test('give no window to a month, which is not always as long', () => {
    const budget = { kind: 'window', window: 'month', capacity: 1e12 } as const
    expect(policyOf({ ...DAY, partition: 'service-month', budget })).toBe(
      '"service-month";q=1000000000000;maat-unit="points"',
    )
  })

  test('count in attempts and in operations what is not kept in points', () => {
    expect(policyOf({ ...bucket(120, 2), partition: 'attempts' })).toBe(
      '"attempts";q=120;w=60;maat-unit="attempts"',
    )
    expect(policyOf({ ...bucket(8, 8), partition: 'in-flight' })).toBe(
      '"in-flight";q=8;qu="concurrent-requests"',
    )
  })

  test('name a budget rightly that two partitions share', () => {
    const shared = { ...BURST, partition: 'key-burst' as const }
    expect([BURST, shared, BURST].map(policyOf)).toEqual([
      '"burst";q=2000;w=20;maat-unit="points"',
      '"key-burst";q=2000;w=20;maat-unit="points"',
      '"burst";q=2000;w=20;maat-unit="points"',
    ])
  })
})

describe('the budget with the fewest points left', () => {
  test('is the one where the least remains, however large it is', () => {
    expect(fewestLeft([BURST, { ...DAY, remaining: 12 }])).toMatchObject({ partition: 'day' })
    expect(fewestLeft([BURST, DAY])).toBe(BURST)
  })

  test('is the first of those that hold the same', () => {
    expect(
      fewestLeft([
        { ...DAY, remaining: 0 },
        { ...BURST, remaining: 0 },
      ]),
    ).toMatchObject({
      partition: 'day',
    })
  })

  test('is none that is not kept in points', () => {
    const attempts: BudgetLevel = { ...BURST, partition: 'attempts', remaining: 0 }
    expect(fewestLeft([attempts, BURST, { ...attempts, partition: 'in-flight' }])).toBe(BURST)
    expect(fewestLeft([attempts])).toBeNull()
    expect(fewestLeft([])).toBeNull()
  })
})
