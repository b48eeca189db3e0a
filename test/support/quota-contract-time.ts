import { randomUUID } from 'node:crypto'

import { expect, test } from 'vitest'

import {
  bucket,
  calendarWindow,
  DAY_MS,
  exactly,
  granted,
  type QuotaUnderTest,
  refused,
  remaining,
  SLOW_PER_SECOND,
} from './quota-under-test.ts'

/** What comes back, what is forfeited and who is alive, as time passes. */
export function budgetsOverTime({ store, pass, counters }: QuotaUnderTest): void {
  test('a bucket comes back at its rate, fractions included, and never above full', async () => {
    const own = bucket(100, 0.0125)
    await granted(store.reserve([own], exactly(50)))
    await pass(1_000_000)
    const [level] = await store.levels([own])
    expect(level?.remaining).toBeCloseTo(62.5, 0)
    expect(level?.resetMs).toBeGreaterThan(2_900_000)
    expect(level?.resetMs).toBeLessThanOrEqual(3_000_000)
    await pass(9_000_000)
    expect(await store.levels([own])).toEqual([{ partition: 'burst', remaining: 100, resetMs: 0 }])
  })

  test('a refund never fills a bucket above full, and all of it is counted', async () => {
    const own = bucket(100, 0.01)
    const { id } = await granted(store.reserve([own], exactly(50)))
    await pass(4_000_000)
    await store.settle(id, 10)
    expect(await remaining(store, own)).toEqual([100])
    expect(await counters(own)).toEqual({ reserved: 50, refunded: 40, forfeited: 0 })
    await granted(store.reserve([own], exactly(100)))
  })

  test('a refused client may come back after exactly the longest wait among its claims', async () => {
    const [fast, slow] = [bucket(10, 0.01), { ...bucket(10, 0.001), partition: 'control' } as const]
    await granted(store.reserve([fast, slow], exactly(10)))
    const { partition, waitMs } = await refused(store.reserve([fast, slow], exactly(3)))
    expect(partition).toBe('control')
    expect(waitMs).toBeGreaterThan(2_900_000)
    expect(waitMs).toBeLessThanOrEqual(3_000_000)
    await pass(waitMs - 60_000)
    await refused(store.reserve([fast, slow], exactly(3)))
    await pass(60_000)
    await granted(store.reserve([fast, slow], exactly(3)))
  })

  test('an empty window makes a client wait for its end, however small the operation is', async () => {
    const claims = [bucket(10, 0.01), calendarWindow(10)]
    await granted(store.reserve(claims, exactly(10)))
    const { partition, waitMs, levels } = await refused(store.reserve(claims, exactly(1)))
    expect(partition).toBe('day')
    expect(waitMs).toBe(levels[1]?.resetMs)
  })

  test.each([
    ['day', () => nextDay()],
    ['month', () => nextMonth()],
  ] as const)('a %s ends when the next one begins in UTC', async (window, end) => {
    const before = end()
    const [level] = await store.levels([calendarWindow(10, window)])
    const ends = Date.now() + (level?.resetMs ?? 0)
    const isNear = [before, end()].some((expected) => Math.abs(ends - expected) < 60_000)
    expect(isNear).toBe(true)
  })

  test.each([
    ['day', DAY_MS],
    ['month', 31 * DAY_MS],
  ] as const)('a new %s begins full', async (window, ms) => {
    const own = calendarWindow(10, window)
    await granted(store.reserve([own], exactly(10)))
    await pass(ms)
    expect(await remaining(store, own)).toEqual([10])
    await granted(store.reserve([own], exactly(10)))
    await refused(store.reserve([own], exactly(1)))
  })

  test('what is settled after its window has ended is counted and gives the new one nothing', async () => {
    const own = calendarWindow(10)
    const { id } = await granted(store.reserve([own], exactly(8)))
    await pass(DAY_MS)
    await granted(store.reserve([own], exactly(5)))
    await store.settle(id, 2)
    expect(await remaining(store, own)).toEqual([5])
    expect(await counters(own)).toEqual({ reserved: 13, refunded: 6, forfeited: 0 })
  })

  test('what is not settled in time is forfeited once, and settling it later changes nothing', async () => {
    const claims = [bucket(100), calendarWindow(1000, 'month')] as const
    const { id } = await granted(store.reserve(claims, exactly(30)))
    const gateway = randomUUID()
    await pass(11_000)
    expect(await store.tend(gateway)).toMatchObject({ forfeited: 0 })
    await pass(1000)
    expect(await store.tend(gateway)).toMatchObject({ forfeited: 1 })
    expect(await store.tend(gateway)).toMatchObject({ forfeited: 0 })
    await store.settle(id, 0)
    expect(await remaining(store, ...claims)).toEqual([70, 970])
    const counted = { reserved: 30, refunded: 0, forfeited: 30 }
    expect(await counters(claims[0])).toEqual(counted)
    expect(await counters(claims[1])).toEqual(counted)
  })

  test('more grants than one batch are forfeited by one call, each of them once', async () => {
    const own = bucket(1000)
    for (let round = 0; round < 23; round += 1) {
      // oxlint-disable-next-line no-await-in-loop -- ten at once are enough for a busy machine
      await Promise.all(Array.from({ length: 10 }, () => granted(store.reserve([own], exactly(2)))))
    }
    await pass(12_000)
    const tended = await Promise.all([store.tend(randomUUID()), store.tend(randomUUID())])
    expect(tended.reduce((sum, { forfeited }) => sum + forfeited, 0)).toBe(230)
    expect(await counters(own)).toEqual({ reserved: 460, refunded: 0, forfeited: 460 })
  })

  test('a gateway counts among the living for five seconds, or until it leaves', async () => {
    const [first, second] = [randomUUID(), randomUUID()]
    expect(await store.tend(first)).toMatchObject({ gateways: 1 })
    expect(await store.tend(second)).toMatchObject({ gateways: 2 })
    await store.leave(second)
    expect(await store.tend(first)).toMatchObject({ gateways: 1 })
    await pass(5001)
    expect(await store.tend(second)).toMatchObject({ gateways: 1 })
  })

  test('a slower rate applies at once to what is drawn', async () => {
    const own = bucket(100, 0.1)
    await granted(store.reserve([own], exactly(100)))
    await pass(500_000)
    const slower = { ...own, budget: { ...own.budget, restorePerSecond: SLOW_PER_SECOND } }
    expect(await remaining(store, slower)).toEqual([0])
    expect(await remaining(store, own)).toEqual([50])
  })
}

function nextDay(): number {
  return (Math.floor(Date.now() / DAY_MS) + 1) * DAY_MS
}

function nextMonth(): number {
  const now = new Date()
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1)
}
