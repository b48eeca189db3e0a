import { describe, expect, test } from 'vitest'

import {
  CAPACITY_MAX,
  type MonthSoFar,
  planMonth,
  type Spender,
} from '../../../../src/oversight/bill/plan-month.ts'

const DAY = 86_400

/** Somebody who spends so much a day, a point for 0.01. */
function spender(id: string | null, spent: number, perDay: number): Spender {
  return { id, spent, spentPerSecond: perDay / DAY, pointPrice: 0.01 }
}

/** Halfway through a month of 100, unless it is said otherwise. */
function month(over: Partial<MonthSoFar>): MonthSoFar {
  return {
    ceiling: 100,
    spent: (over.spenders ?? []).reduce((sum, { spent }) => sum + spent, 0),
    secondsLeft: 10 * DAY,
    drawn: 5000,
    pointPrice: 0.01,
    spenders: [],
    slowed: new Map(),
    ...over,
  }
}

describe('the plan of a month', () => {
  test('slows nobody down where there is enough, and ends at the ceiling', () => {
    const spenders = [spender('a', 20, 2), spender('b', 5, 1), spender(null, 0, 0)]
    expect(planMonth(month({ spenders }))).toEqual({
      capacity: 5000 + 7500,
      capacityOfSlowed: 5000 + 7500 - 3300,
      slowed: new Map(),
    })
  })

  test('slows the heaviest down to what the others leave, and keeps what they want', () => {
    const spenders = [spender('heavy', 40, 20), spender('light', 5, 1)]
    const { capacity, capacityOfSlowed, slowed } = planMonth(month({ spenders }))
    // Of 99.5 the light one will have had 5 + 11, at most; 43.5 are left for the other's ten days.
    expect([...slowed.keys()]).toEqual(['heavy'])
    expect(slowed.get('heavy')?.restorePerSecond).toBeCloseTo(4350 / (10 * DAY), 6)
    expect(slowed.get('heavy')?.demandPerSecond).toBeCloseTo(2000 / DAY, 6)
    expect(capacity).toBe(5000 + 5500)
    expect(capacityOfSlowed).toBe(5000 + 5500 - 1100)
  })

  test('treats all who come without credentials as one', () => {
    const spenders = [spender('light', 5, 1), spender(null, 40, 20)]
    expect([...planMonth(month({ spenders })).slowed.keys()]).toEqual([null])
  })

  test('slows two down to the same level, whoever came first', () => {
    const spenders = [spender('early', 40, 20), spender('late', 0, 40), spender('light', 5, 1)]
    const { slowed } = planMonth(month({ spenders }))
    const ends = ['early', 'late'].map(
      (id, place) => [40, 0][place]! + slowed.get(id)!.restorePerSecond * 0.01 * 10 * DAY,
    )
    expect(ends[0]).toBeCloseTo(41.75, 5)
    expect(ends[1]).toBeCloseTo(41.75, 5)
  })

  test('remembers what somebody wanted while he presses against his rate, and forgets it once he does not', () => {
    const slowed = new Map([
      ['heavy', { restorePerSecond: 4000 / (10 * DAY), demandPerSecond: 2000 / DAY }],
    ])
    const pressing = [spender('heavy', 40, 3), spender('light', 5, 1)]
    const plan = planMonth(month({ spenders: pressing, slowed }))
    expect(plan.slowed.get('heavy')?.demandPerSecond).toBeCloseTo(2000 / DAY, 6)
    const gone = [spender('heavy', 40, 1), spender('light', 5, 1)]
    expect(planMonth(month({ spenders: gone, slowed })).slowed).toEqual(new Map())
  })

  test('releases nobody who wants but a little less than the level', () => {
    const spenders = [spender('a', 44, 0.5), spender('b', 0, 30)]
    const demandPerSecond = 50 / DAY
    const slowed = new Map([['a', { restorePerSecond: demandPerSecond, demandPerSecond }]])
    // `a` wants 49.50 in all; the level is 50.
    expect([...planMonth(month({ spenders })).slowed.keys()]).toEqual(['b'])
    expect([...planMonth(month({ spenders, slowed })).slowed.keys()]).toEqual(['a', 'b'])
  })

  test('stops everybody at the ceiling, and those who are slowed down before', () => {
    const spenders = [spender('heavy', 99.8, 20), spender('light', 0.1, 0.1)]
    const { capacity, capacityOfSlowed, slowed } = planMonth(month({ spenders }))
    expect(capacity).toBe(5000 + 10)
    expect(capacityOfSlowed).toBeLessThan(5000)
    expect(slowed.get('heavy')?.restorePerSecond).toBe(1e-6)
    const beyond = planMonth(month({ spenders: [spender('heavy', 120, 20)] }))
    expect(beyond.capacity).toBeLessThan(5000)
  })

  test('counts what was spent by those who are gone', () => {
    const spenders = [spender('a', 10, 5), spender('b', 10, 1)]
    expect(planMonth(month({ spenders })).slowed.size).toBe(0)
    expect(planMonth(month({ spenders, spent: 60 })).slowed.size).toBe(1)
  })

  test('is made of numbers to the last moment, and fits a budget', () => {
    const spenders = [spender('heavy', 50, 1e9), spender('light', 1, 1)]
    for (const secondsLeft of [0, 1e-9, 1]) {
      const { slowed } = planMonth(month({ spenders, secondsLeft, ceiling: 60 }))
      for (const { restorePerSecond } of slowed.values()) {
        expect(restorePerSecond).toBeGreaterThanOrEqual(1e-6)
        expect(restorePerSecond).toBeLessThanOrEqual(1e9)
      }
    }
    const cheap = planMonth(month({ spenders, pointPrice: 1e-12, ceiling: 1e6 }))
    expect(cheap.capacity).toBe(CAPACITY_MAX)
  })
})
