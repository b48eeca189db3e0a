import { describe, expect, test } from 'vitest'

import { levelsNow, waitFor } from '../../../src/quota/levels-now.ts'
import type { Claim, Level } from '../../../src/quota/store.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const burst: Claim = {
  partition: 'burst',
  subject: 'a',
  budget: { kind: 'bucket', capacity: 100, restorePerSecond: 10 },
}
const day: Claim = {
  partition: 'day',
  subject: 'a',
  budget: { kind: 'window', window: 'day', capacity: 1000 },
}
const month: Claim = {
  partition: 'service-month',
  subject: 'all',
  budget: { kind: 'window', window: 'month', capacity: 5000 },
}

/** What is known at `nowMs` of what a store said of this claim at 0. */
function later(
  claim: Claim,
  level: Omit<Level, 'partition'>,
  nowMs: number,
  { held = 0 }: { readonly held?: number } = {},
) {
  const reading = { claims: [claim], levels: [{ partition: claim.partition, ...level }], atMs: 0 }
  const [{ remaining, resetMs } = { remaining: 0, resetMs: 0 }] = levelsNow(reading, nowMs, held)
  return { remaining, resetMs }
}

describe('a bucket', () => {
  test('fills at its rate, and never above full', () => {
    const level = { remaining: 20, resetMs: 8000 }
    expect(later(burst, level, 1500)).toEqual({ remaining: 35, resetMs: 6500 })
    expect(later(burst, level, 60_000)).toEqual({ remaining: 100, resetMs: 0 })
  })

  test('holds what was taken of it and is not spent', () => {
    const level = { remaining: 20, resetMs: 8000 }
    expect(later(burst, level, 0, { held: 30 })).toEqual({ remaining: 50, resetMs: 5000 })
    expect(later(burst, level, 0, { held: 90 })).toEqual({ remaining: 100, resetMs: 0 })
  })
})

describe('a calendar window', () => {
  test('stays as it is until it ends', () => {
    const level = { remaining: 200, resetMs: HOUR_MS }
    expect(later(day, level, HOUR_MS - 1)).toEqual({ remaining: 200, resetMs: 1 })
    expect(later(day, level, 0, { held: 30 })).toEqual({ remaining: 230, resetMs: HOUR_MS })
  })

  test('is full when the next one begins, whatever was held of the one before', () => {
    const level = { remaining: 200, resetMs: HOUR_MS }
    expect(later(day, level, HOUR_MS, { held: 30 })).toEqual({ remaining: 1000, resetMs: DAY_MS })
    expect(later(day, level, 3 * HOUR_MS)).toEqual({ remaining: 1000, resetMs: 22 * HOUR_MS })
    expect(later(day, level, 3 * HOUR_MS + 5 * DAY_MS).resetMs).toBe(22 * HOUR_MS)
  })

  test('of a month lasts 28 days at least', () => {
    const level = { remaining: 0, resetMs: HOUR_MS }
    expect(later(month, level, HOUR_MS)).toEqual({ remaining: 5000, resetMs: 28 * DAY_MS })
  })
})

test('levels are in the order of the claims, each with its budget', () => {
  const levels = [
    { partition: 'day', remaining: 7, resetMs: HOUR_MS },
    { partition: 'burst', remaining: 100, resetMs: 0 },
  ] as const
  expect(levelsNow({ claims: [day, burst], levels, atMs: 5 }, 5)).toEqual([
    { partition: 'day', budget: day.budget, remaining: 7, resetMs: HOUR_MS },
    { partition: 'burst', budget: burst.budget, remaining: 100, resetMs: 0 },
  ])
})

describe('the wait', () => {
  const bucket = { partition: 'burst', budget: burst.budget, remaining: 20, resetMs: 8000 } as const
  const window = { partition: 'day', budget: day.budget, remaining: 20, resetMs: HOUR_MS } as const

  test('is none where there is enough', () => {
    expect(waitFor(bucket, 20)).toBe(0)
    expect(waitFor(window, 20)).toBe(0)
  })

  test('lasts until a bucket holds the points, and until a window ends', () => {
    expect(waitFor(bucket, 45)).toBe(2500)
    expect(waitFor(window, 21)).toBe(HOUR_MS)
  })
})
