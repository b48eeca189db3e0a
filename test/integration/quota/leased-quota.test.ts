import { describe, expect, test } from 'vitest'

import { leasedGateway } from '../../support/leased-gateway.ts'
import { postgresBudgets } from '../../support/postgres-budgets.ts'
import { bucket, calendarWindow, remaining } from '../../support/quota-under-test.ts'
import { testDatabase } from '../../support/test-database.ts'

const { store, counters } = postgresBudgets(await testDatabase())

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
