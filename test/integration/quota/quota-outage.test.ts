import { describe, expect, test } from 'vitest'

import { leasedGateway } from '../../support/leased-gateway.ts'
import { postgresBudgets } from '../../support/postgres-budgets.ts'
import { bucket, calendarWindow, remaining } from '../../support/quota-under-test.ts'
import { testDatabase } from '../../support/test-database.ts'

const { store, counters } = postgresBudgets(await testDatabase())

describe('where the data is away with the store', () => {
  test('an operation is refused as UNAVAILABLE, and the next one asks again', async () => {
    const gateway = leasedGateway(store)
    const claims = [bucket(2000)]
    gateway.way = 'cut'
    await expect(gateway.reserve(claims, 5)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await expect(gateway.quota.look(claims)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    gateway.way = 'open'
    expect(await gateway.reserve(claims, 5)).toMatchObject({ points: 5, mode: 'normal' })
    expect(gateway.told).toEqual({ away: 0, back: 0 })
  })

  test('operations that wait for one answer fail with it, and not one after the other', async () => {
    const gateway = leasedGateway(store)
    const claims = [bucket(2000)]
    gateway.way = 'cut'
    const asked = Array.from({ length: 20 }, () => gateway.reserve(claims, 5))
    for (const outcome of await Promise.allSettled(asked)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'UNAVAILABLE' } })
    }
    expect(gateway.calls()).toEqual(['reserve'])
  })

  test('a lease serves on until its end', async () => {
    const gateway = leasedGateway(store)
    const claims = [bucket(2000)]
    await gateway.comeBefore(claims)
    await gateway.reserve(claims, 5)
    gateway.way = 'cut'
    await gateway.quota.tend()
    expect(gateway.quota.reserve(claims, 5)).toMatchObject({ kind: 'reserved' })
    gateway.wait(2000)
    await expect(gateway.reserve(claims, 5)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  })

  test('an outage is told once, and its end', async () => {
    const gateway = leasedGateway(store)
    gateway.way = 'cut'
    await gateway.quota.tend()
    await gateway.quota.tend()
    expect(gateway.told).toEqual({ away: 1, back: 0 })
    gateway.way = 'open'
    await gateway.quota.tend()
    expect(gateway.told).toEqual({ away: 1, back: 1 })
  })

  test.each(['refuse', 'allowance'] as const)(
    'what fails in the background for a reason of ours is told, and no outage (%s)',
    async (whenAway) => {
      const gateway = leasedGateway(store, { whenAway })
      const reservation = await gateway.reserve([bucket(2000)], 5)
      gateway.way = 'broken'
      gateway.quota.settle(reservation, 1)
      await gateway.idle()
      await gateway.quota.tend()
      expect(gateway.defects).toEqual(['broken', 'broken'])
      expect(gateway.told).toEqual({ away: 0, back: 0 })
    },
  )

  test('a defect is no outage: it is thrown as it is, and not at those who waited', async () => {
    const gateway = leasedGateway(store, { whenAway: 'allowance' })
    const claims = [bucket(20)]
    const tooMuch = gateway.reserve(claims, 21)
    const fitting = gateway.reserve(claims, 5)
    await expect(tooMuch).rejects.toThrow('too small')
    expect(await fitting).toMatchObject({ points: 5, mode: 'normal' })
    expect(gateway.told).toEqual({ away: 0, back: 0 })
  })
})

describe('with an allowance', () => {
  test('what is left of a lease is spent first, past its end', async () => {
    const gateway = leasedGateway(store, { whenAway: 'allowance' })
    const claims = [bucket(2000)]
    await gateway.comeBefore(claims)
    gateway.quota.settle(await gateway.reserve(claims, 5), 5)
    gateway.way = 'cut'
    gateway.wait(2000)
    await gateway.quota.tend()
    for (let n = 0; n < 9; n += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const leased = await gateway.reserve(claims, 10)
      expect(leased.mode).toBe('normal')
      gateway.quota.settle(leased, 10)
    }
    expect(await gateway.reserve(claims, 10)).toMatchObject({ mode: 'emergency' })
    expect(await gateway.reserve(claims, 5)).toMatchObject({ mode: 'normal' })
  })

  test('nothing is spent of a lease that its store may have forfeited', async () => {
    const gateway = leasedGateway(store, { whenAway: 'allowance' })
    const claims = [bucket(2000)]
    await gateway.comeBefore(claims)
    await gateway.reserve(claims, 5)
    gateway.way = 'cut'
    await gateway.quota.tend()
    gateway.wait(8999)
    expect(await gateway.reserve(claims, 5)).toMatchObject({ mode: 'normal' })
    gateway.wait(1)
    expect(await gateway.reserve(claims, 5)).toMatchObject({ mode: 'emergency' })
  })

  test('each account has 200 points a minute at each gateway, whatever its claims are', async () => {
    const gateway = leasedGateway(store, { whenAway: 'allowance' })
    const [own, other] = [bucket(2000), bucket(2000)]
    const control = { ...own, partition: 'control' } as const
    gateway.way = 'cut'
    gateway.quota.settle(await gateway.reserve([own], 150), 120)
    await gateway.reserve([control], 80)
    gateway.wait(20_000)
    expect(await gateway.refused([own], 1)).toEqual({
      kind: 'refused',
      partition: 'emergency',
      waitMs: 40_000,
      levels: await gateway.quota.look([own]),
    })
    expect(await gateway.reserve([other], 200)).toMatchObject({ mode: 'emergency' })
    gateway.wait(40_000)
    expect(await gateway.reserve([own], 200)).toMatchObject({ mode: 'emergency' })
  })

  test('whoever asks is told of the allowance', async () => {
    const gateway = leasedGateway(store, { whenAway: 'allowance' })
    const claims = [bucket(2000), calendarWindow(2000)]
    await gateway.quota.look(claims)
    gateway.way = 'cut'
    const reservation = await gateway.reserve(claims, 150)
    gateway.quota.settle(reservation, 50)
    const budget = { kind: 'bucket', capacity: 200, restorePerSecond: 200 / 60 }
    const levels = [{ partition: 'emergency', budget, remaining: 150, resetMs: 60_000 }]
    expect(reservation.levels()).toEqual(levels)
    expect(gateway.quota.known(claims)).toEqual(levels)
    expect(await gateway.quota.look(claims)).toEqual(levels)
  })

  test('whoever looks first is told of it too', async () => {
    const gateway = leasedGateway(store, { whenAway: 'allowance' })
    gateway.way = 'cut'
    expect(await gateway.quota.look([bucket(2000)])).toMatchObject([{ partition: 'emergency' }])
    expect(gateway.told).toEqual({ away: 1, back: 0 })
  })

  test('all that wait for an answer that does not come have it, and nothing more is asked', async () => {
    const gateway = leasedGateway(store, { whenAway: 'allowance' })
    const claims = [bucket(2000)]
    gateway.way = 'cut'
    const asked = Array.from({ length: 20 }, () => gateway.reserve(claims, 5))
    const modes = (await Promise.all(asked)).map(({ mode }) => mode)
    expect(new Set(modes)).toEqual(new Set(['emergency']))
    expect(gateway.calls()).toEqual(['reserve'])
    expect(gateway.told).toEqual({ away: 1, back: 0 })
  })

  test('the ceiling in money stays closed where it was, until its month has ended', async () => {
    const gateway = leasedGateway(store, { whenAway: 'allowance' })
    const month = calendarWindow(100, 'month')
    const claims = [bucket(2000), month]
    await gateway.reserve(claims, 40)
    gateway.way = 'cut'
    gateway.quota.settle(await gateway.reserve(claims, 50), 30)
    await gateway.reserve(claims, 25)
    const { partition, waitMs, levels } = await gateway.refused(claims, 6)
    expect({ partition, levels }).toMatchObject({
      partition: 'service-month',
      levels: [
        { partition: 'emergency', remaining: 145 },
        { partition: 'service-month', remaining: 5, budget: month.budget },
      ],
    })
    expect(await gateway.reserve([bucket(2000)], 6)).toMatchObject({ mode: 'emergency' })
    gateway.wait(waitMs)
    expect(await gateway.reserve(claims, 6)).toMatchObject({ mode: 'emergency' })
  })

  test('the store is asked again after the next sign of life, of which it is told once', async () => {
    const gateway = leasedGateway(store, { whenAway: 'allowance' })
    const claims = [bucket(2000)]
    gateway.way = 'cut'
    await gateway.reserve(claims, 5)
    await gateway.quota.tend()
    await gateway.quota.tend()
    gateway.way = 'open'
    expect(await gateway.reserve(claims, 5)).toMatchObject({ mode: 'emergency' })
    await gateway.quota.tend()
    await gateway.quota.tend()
    expect(await gateway.reserve(claims, 5)).toMatchObject({ mode: 'normal' })
    expect(gateway.told).toEqual({ away: 1, back: 1 })
    expect(await remaining(store, ...claims)).toEqual([1900])
  })

  test('a lease that ended meanwhile goes back with the first sign of life', async () => {
    const gateway = leasedGateway(store, { whenAway: 'allowance' })
    const own = bucket(2000)
    await gateway.comeBefore([own])
    gateway.quota.settle(await gateway.reserve([own], 5), 5)
    gateway.way = 'cut'
    gateway.wait(3000)
    await gateway.quota.tend()
    gateway.way = 'open'
    await gateway.quota.tend()
    await gateway.idle()
    expect(await counters(own)).toEqual({ reserved: 101, refunded: 96, forfeited: 0 })
  })
})
