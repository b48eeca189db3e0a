import { describe, expect, test } from 'vitest'

import { leasedGateway } from '../../support/leased-gateway.ts'
import { postgresBudgets } from '../../support/postgres-budgets.ts'
import { bucket, calendarWindow, remaining, withCapacity } from '../../support/quota-under-test.ts'
import { testDatabase } from '../../support/test-database.ts'

const { store, empty } = postgresBudgets(await testDatabase())

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
