import { describe, expect, test } from 'vitest'

import { leasedGateway } from '../../support/leased-gateway.ts'
import { postgresBudgets } from '../../support/postgres-budgets.ts'
import {
  bucket,
  calendarWindow,
  exactly,
  granted,
  remaining,
  withCapacity,
} from '../../support/quota-under-test.ts'
import { testDatabase } from '../../support/test-database.ts'

const { store, counters, empty } = postgresBudgets(await testDatabase())

describe('a lease', () => {
  test('is none for whoever comes now and then', async () => {
    const gateway = leasedGateway(store)
    const own = bucket(2000)
    await gateway.reserve([own], 5)
    gateway.wait(2000)
    await gateway.reserve([own], 5)
    expect(await counters(own)).toMatchObject({ reserved: 10 })
    gateway.wait(1999)
    await gateway.reserve([own], 5)
    expect(await counters(own)).toMatchObject({ reserved: 109 })
  })

  test('follows on another one for whoever goes on coming', async () => {
    const gateway = leasedGateway(store)
    const own = bucket(2000)
    await gateway.comeBefore([own])
    gateway.quota.settle(await gateway.reserve([own], 5), 5)
    gateway.wait(1999)
    gateway.quota.settle(await gateway.reserve([own], 5), 5)
    gateway.wait(1000)
    await gateway.reserve([own], 5)
    expect(gateway.calls()).toEqual(['reserve', 'reserve', 'settle'])
    await gateway.idle()
    expect(await counters(own)).toMatchObject({ reserved: 196 })
  })

  test('serves one operation after the other at once, and costs one call', async () => {
    const gateway = leasedGateway(store)
    const claims = [bucket(2000), calendarWindow(4000)]
    await gateway.comeBefore(claims)
    await gateway.reserve(claims, 5)
    for (let n = 1; n < 20; n += 1) {
      expect(gateway.quota.reserve(claims, 5)).toMatchObject({ kind: 'reserved', points: 5 })
    }
    expect(gateway.calls()).toEqual(['reserve'])
    expect(await remaining(store, ...claims)).toEqual([1900, 3900])
  })

  test('that is used up is followed by another one', async () => {
    const gateway = leasedGateway(store)
    const claims = [bucket(2000)]
    await gateway.comeBefore(claims)
    for (let n = 0; n < 21; n += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      gateway.quota.settle(await gateway.reserve(claims, 5), 5)
    }
    expect(gateway.calls()).toEqual(['reserve', 'reserve', 'settle'])
    expect(await remaining(store, ...claims)).toEqual([1805])
  })

  test('is asked for once by all operations that need it at the same time', async () => {
    const gateway = leasedGateway(store)
    const claims = [bucket(2000)]
    await gateway.comeBefore(claims)
    const sameBudgets = [...claims]
    const asked = Array.from({ length: 20 }, (_, n) =>
      gateway.reserve(n < 10 ? claims : sameBudgets, 5),
    )
    expect(await Promise.all(asked)).toHaveLength(20)
    expect(gateway.calls()).toEqual(['reserve'])
  })

  test('is none where that would not last for ten operations: each asks, one after the other', async () => {
    const atOnce: number[] = []
    const gateway = leasedGateway({
      ...store,
      async reserve(claims, wanted) {
        atOnce.push((atOnce.at(-1) ?? 0) + 1)
        const answer = await store.reserve(claims, wanted)
        atOnce.push((atOnce.at(-1) ?? 0) - 1)
        return answer
      },
    })
    const claims = [bucket(2000)]
    await gateway.comeBefore(claims)
    await Promise.all(Array.from({ length: 11 }, () => gateway.reserve(claims, 11)))
    expect(gateway.calls()).toEqual(Array.from({ length: 11 }, () => 'reserve'))
    expect(Math.max(...atOnce)).toBe(1)
    expect(await remaining(store, ...claims)).toEqual([1879])
  })

  test('goes back with its end, but for what was spent', async () => {
    const gateway = leasedGateway(store)
    const own = bucket(2000)
    await gateway.comeBefore([own])
    gateway.quota.settle(await gateway.reserve([own], 5), 3)
    gateway.wait(1999)
    await gateway.quota.tend()
    await gateway.idle()
    expect(await counters(own)).toEqual({ reserved: 101, refunded: 1, forfeited: 0 })
    gateway.wait(1)
    await gateway.quota.tend()
    await gateway.idle()
    expect(await counters(own)).toEqual({ reserved: 101, refunded: 98, forfeited: 0 })
    expect(await remaining(store, own)).toEqual([1997])
  })

  test('is not spent from after its end', async () => {
    const gateway = leasedGateway(store)
    const claims = [bucket(2000)]
    await gateway.comeBefore(claims)
    await gateway.reserve(claims, 5)
    gateway.wait(2000)
    expect(gateway.quota.reserve(claims, 5)).toBeInstanceOf(Promise)
  })

  test('goes back when the gateway closes', async () => {
    const gateway = leasedGateway(store)
    const own = bucket(2000)
    await gateway.comeBefore([own])
    gateway.quota.settle(await gateway.reserve([own], 5), 4)
    await gateway.quota.close()
    expect(await counters(own)).toEqual({ reserved: 101, refunded: 97, forfeited: 0 })
    expect(gateway.calls()).toEqual(['reserve', 'settle', 'leave'])
  })

  test('waits for the operations that its end finds running', async () => {
    const gateway = leasedGateway(store)
    const own = bucket(2000)
    await gateway.comeBefore([own])
    const [short, long] = [await gateway.reserve([own], 5), await gateway.reserve([own], 10)]
    gateway.wait(2000)
    await gateway.quota.tend()
    gateway.quota.settle(short, 1)
    await gateway.idle()
    expect(await counters(own)).toEqual({ reserved: 101, refunded: 1, forfeited: 0 })
    gateway.wait(4999)
    gateway.quota.settle(long, 2)
    await gateway.idle()
    expect(await counters(own)).toEqual({ reserved: 101, refunded: 98, forfeited: 0 })
  })

  test('that ended goes back with the last operation, whether or not anybody looked in between', async () => {
    const gateway = leasedGateway(store)
    const own = bucket(2000)
    await gateway.comeBefore([own])
    const only = await gateway.reserve([own], 5)
    gateway.wait(2000)
    gateway.quota.settle(only, 2)
    await gateway.idle()
    expect(await counters(own)).toEqual({ reserved: 101, refunded: 99, forfeited: 0 })
  })
})

describe('settling', () => {
  test.each([
    ['a lease', 2000],
    ['exactly what was asked for', 100],
  ])('a second time changes nothing, out of %s', async (_, capacity) => {
    const gateway = leasedGateway(store)
    const own = bucket(capacity)
    await gateway.comeBefore([own])
    const reservation = await gateway.reserve([own], 6)
    gateway.quota.settle(reservation, 4)
    gateway.quota.settle(reservation, 0)
    await gateway.quota.close()
    expect(await remaining(store, own)).toEqual([capacity - 4])
  })

  test.each([
    ['more than was reserved', 7, 6],
    ['less than nothing', -3, 0],
    ['a fraction', 1.2, 2],
    ['no number', Number.NaN, 6],
  ])('with %s charges whole points within the reservation', async (_, spent, charged) => {
    const gateway = leasedGateway(store)
    const [ample, small] = [bucket(2000), bucket(100)]
    await gateway.comeBefore([ample])
    gateway.quota.settle(await gateway.reserve([ample], 6), spent)
    gateway.quota.settle(await gateway.reserve([small], 6), spent)
    await gateway.quota.close()
    expect(await remaining(store, ample, small)).toEqual([2000 - charged, 100 - charged])
  })
})

describe('a refusal', () => {
  test('is remembered for a second: nothing is asked', async () => {
    const gateway = leasedGateway(store)
    const claims = [bucket(100)]
    await gateway.reserve(claims, 90)
    const first = await gateway.refused(claims, 20)
    gateway.calls()
    gateway.wait(999)
    expect(await gateway.refused(claims, 20)).toMatchObject({ partition: 'burst' })
    expect(await gateway.refused(claims, 11)).toMatchObject({ partition: 'burst' })
    expect(gateway.calls()).toEqual([])
    gateway.wait(1)
    await gateway.refused(claims, 20)
    expect(gateway.calls()).toEqual(['reserve'])
    expect(first.levels[0]?.remaining).toBeCloseTo(10, 2)
  })

  test('waits for the budget that takes longest, and that wait runs down', async () => {
    const gateway = leasedGateway(store)
    const claims = [bucket(100, 0.01), { ...bucket(100, 0.1), partition: 'control' } as const]
    await gateway.reserve(claims, 100)
    const first = await gateway.refused(claims, 5)
    expect(first.partition).toBe('burst')
    gateway.wait(900)
    const second = await gateway.refused(claims, 5)
    expect(second.partition).toBe('burst')
    expect(first.waitMs - second.waitMs).toBeCloseTo(900, -1)
  })

  test('does not stand in the way of an operation that costs what is left', async () => {
    const gateway = leasedGateway(store)
    const claims = [bucket(100)]
    await gateway.reserve(claims, 90)
    await gateway.refused(claims, 20)
    expect(await gateway.reserve(claims, 10)).toMatchObject({ points: 10 })
  })

  test('is forgotten when points come back', async () => {
    const gateway = leasedGateway(store)
    const claims = [bucket(100)]
    const first = await gateway.reserve(claims, 90)
    await gateway.refused(claims, 20)
    gateway.quota.settle(first, 30)
    await gateway.idle()
    expect(await gateway.reserve(claims, 20)).toMatchObject({ points: 20 })
  })

  test('is shared by all that waited for the same answer', async () => {
    const gateway = leasedGateway(store)
    const claims = [bucket(100)]
    await granted(store.reserve(claims, exactly(95)))
    await Promise.all(Array.from({ length: 10 }, () => gateway.refused(claims, 6)))
    expect(gateway.calls()).toEqual(['reserve'])
  })
})

describe('release', () => {
  test('gives back what is held for an account, key or address, and for nobody else', async () => {
    const gateway = leasedGateway(store)
    const [account, key, other] = [bucket(2000), calendarWindow(3000), bucket(2000)]
    await gateway.comeBefore([account, key])
    await gateway.comeBefore([other])
    gateway.quota.settle(await gateway.reserve([account, key], 5), 4)
    gateway.quota.settle(await gateway.reserve([other], 5), 4)
    gateway.quota.release(key.subject)
    await gateway.idle()
    expect(await remaining(store, account, key, other)).toEqual([1996, 2996, 1900])
    expect(gateway.quota.known([account, key])).toBeNull()
    expect(gateway.quota.known([other])).toMatchObject([{ partition: 'burst' }])
  })

  test('lets a raised or lowered limit apply to the next operation', async () => {
    const gateway = leasedGateway(store)
    const own = calendarWindow(2000)
    await gateway.comeBefore([own])
    gateway.quota.settle(await gateway.reserve([own], 10), 10)
    gateway.quota.release(own.subject)
    await gateway.idle()
    expect(await gateway.refused([withCapacity(own, 15)], 6)).toMatchObject({ partition: 'day' })
    gateway.quota.release(own.subject)
    const raised = await gateway.reserve([withCapacity(own, 3000)], 6)
    expect(raised.levels()).toMatchObject([{ remaining: 2984, budget: { capacity: 3000 } }])
  })

  test('makes an operation that comes then ask anew, and not wait for what was asked before', async () => {
    const gateway = leasedGateway(store)
    const claims = [bucket(2000)] as const
    await gateway.comeBefore(claims)
    const asked = [gateway.reserve(claims, 5)]
    gateway.quota.release(claims[0].subject)
    asked.push(gateway.reserve(claims, 5))
    await Promise.all(asked)
    expect(gateway.calls()).toEqual(['reserve', 'reserve'])
  })

  test('lets nothing be spent of a lease that was asked for before', async () => {
    const gateway = leasedGateway(store)
    const claims = [bucket(2000)] as const
    await gateway.comeBefore(claims)
    const before = gateway.reserve(claims, 5)
    gateway.quota.release(claims[0].subject)
    gateway.quota.settle(await before, 5)
    await gateway.idle()
    expect(await remaining(store, ...claims)).toEqual([1995])
    expect(gateway.quota.reserve(claims, 5)).toBeInstanceOf(Promise)
  })

  test('leaves an operation that is running the budgets it was told of', async () => {
    const gateway = leasedGateway(store)
    const own = bucket(2000)
    await gateway.comeBefore([own])
    const running = await gateway.reserve([own], 5)
    gateway.quota.release(own.subject)
    expect(running.levels()).toMatchObject([{ partition: 'burst' }])
  })
})

describe('levels', () => {
  test('count what is held and not spent as what remains, and agree with the store', async () => {
    const gateway = leasedGateway(store)
    const claims = [bucket(2000), calendarWindow(4000)]
    expect(gateway.quota.known(claims)).toBeNull()
    await gateway.comeBefore(claims)
    const reservation = await gateway.reserve(claims, 5)
    for (const levels of [
      reservation.levels(),
      gateway.quota.known(claims) ?? [],
      await gateway.quota.look(claims),
    ]) {
      expect(levels.map((level) => Math.round(level.remaining))).toEqual([1995, 3995])
    }
    gateway.quota.settle(reservation, 1)
    await gateway.quota.close()
    const levels = await gateway.quota.look(claims)
    expect(levels.map((level) => Math.round(level.remaining))).toEqual([1999, 3999])
    expect(levels.map(({ budget }) => budget)).toEqual(claims.map(({ budget }) => budget))
    expect(await remaining(store, ...claims)).toEqual([1999, 3999])
  })

  test('of an exact reservation rise by what it gives back', async () => {
    const gateway = leasedGateway(store)
    const claims = [bucket(100)]
    const reservation = await gateway.reserve(claims, 60)
    expect(reservation.levels()).toMatchObject([{ remaining: 40 }])
    gateway.quota.settle(reservation, 10)
    expect(Math.round(reservation.levels()[0]?.remaining ?? 0)).toBe(90)
  })

  test('are told to whoever looks without a call for each budget, and take nothing', async () => {
    const gateway = leasedGateway(store)
    const claims = [bucket(100), calendarWindow(50)]
    expect(await gateway.quota.look(claims)).toMatchObject([{ remaining: 100 }, { remaining: 50 }])
    expect(gateway.calls()).toEqual(['levels'])
    expect(await remaining(store, ...claims)).toEqual([100, 50])
  })
})

test('gateways that share a store count each other, until one closes', async () => {
  await empty()
  const [first, second] = [leasedGateway(store), leasedGateway(store)]
  await first.quota.tend()
  await second.quota.tend()
  expect(second.quota.gateways).toBe(2)
  await first.quota.close()
  await second.quota.tend()
  expect(second.quota.gateways).toBe(1)
})
