import { describe, expect, test } from 'vitest'

import { levelsOf, shortOf } from '../../../src/quota/drawn-levels.ts'
import { bucket, calendarWindow } from '../../support/quota-under-test.ts'

const NOON = Date.UTC(2026, 4, 3, 12)
const HOUR_MS = 3_600_000

describe('what a budget holds', () => {
  test('is its capacity without what is drawn, and never less than nothing', () => {
    const claims = [bucket(10, 2), calendarWindow(10)]
    expect(levelsOf(claims, { points: [4.5, 12], atMs: NOON })).toEqual([
      { partition: 'burst', remaining: 5.5, resetMs: 2250 },
      { partition: 'day', remaining: 0, resetMs: 12 * HOUR_MS },
    ])
  })

  test('is all of it again after whole milliseconds', () => {
    const [level] = levelsOf([bucket(10, 3)], { points: [1], atMs: NOON })
    expect(level?.resetMs).toBe(334)
  })

  test.each([
    ['day', '2028-02-28T23:59:59.999Z', 1],
    ['day', '2028-12-31T00:00:00.000Z', 24 * HOUR_MS],
    ['month', '2028-02-29T23:00:00.000Z', HOUR_MS],
    ['month', '2028-12-31T22:00:00.000Z', 2 * HOUR_MS],
    ['month', '2026-02-01T00:00:00.000Z', 28 * 24 * HOUR_MS],
  ] as const)('of a %s is all of it again when the next one begins: %s', (window, at, resetMs) => {
    const claims = [calendarWindow(10, window)]
    expect(levelsOf(claims, { points: [3], atMs: Date.parse(at) })).toMatchObject([{ resetMs }])
  })
})

describe('the claim that is short', () => {
  test('is none where all hold exactly what is asked for', () => {
    const claims = [bucket(10, 1), calendarWindow(10)]
    expect(shortOf(claims, { points: [7, 7], atMs: NOON }, 3)).toBeNull()
  })

  test('is the one that takes longest, until it holds what is asked for', () => {
    const [fast, slow] = [bucket(10, 2), bucket(10, 0.5)]
    expect(shortOf([fast, slow], { points: [10, 9], atMs: NOON }, 3)).toEqual({
      claim: slow,
      waitMs: 4000,
    })
  })

  test('is the first of those that take equally long', () => {
    const claims = [calendarWindow(10), calendarWindow(20)] as const
    expect(shortOf(claims, { points: [10, 20], atMs: NOON }, 1)?.claim).toBe(claims[0])
  })
})
