import { describe, expect, test } from 'vitest'

import { leasedGateway } from '../../support/leased-gateway.ts'
import { postgresBudgets } from '../../support/postgres-budgets.ts'
import { bucket, remaining } from '../../support/quota-under-test.ts'
import { testDatabase } from '../../support/test-database.ts'

const { store, counters } = postgresBudgets(await testDatabase())

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

describe('a settlement that the store did not hear', () => {
  test.each(['cut', 'deaf'] as const)('is told again: %s', async (way) => {
    const gateway = leasedGateway(store)
    const [ample, small] = [bucket(2000), bucket(100)]
    await gateway.comeBefore([ample])
    const reservations = [await gateway.reserve([ample], 5), await gateway.reserve([small], 50)]
    gateway.way = way
    for (const reservation of reservations) gateway.quota.settle(reservation, 3)
    gateway.wait(2000)
    await gateway.quota.tend()
    await gateway.idle()
    gateway.way = 'open'
    await gateway.quota.tend()
    await gateway.idle()
    expect(await counters(ample)).toEqual({ reserved: 101, refunded: 98, forfeited: 0 })
    expect(await counters(small)).toEqual({ reserved: 50, refunded: 47, forfeited: 0 })
    gateway.calls()
    await gateway.quota.tend()
    expect(gateway.calls()).toEqual(['tend'])
  })

  test('is told again when the gateway closes', async () => {
    const gateway = leasedGateway(store)
    const own = bucket(100)
    const reservation = await gateway.reserve([own], 50)
    gateway.way = 'cut'
    gateway.quota.settle(reservation, 3)
    await gateway.idle()
    gateway.way = 'open'
    await gateway.quota.close()
    expect(await counters(own)).toEqual({ reserved: 50, refunded: 47, forfeited: 0 })
  })

  test('is not told for longer than the store waits for it', async () => {
    const gateway = leasedGateway(store)
    const reservation = await gateway.reserve([bucket(100)], 50)
    gateway.way = 'cut'
    gateway.quota.settle(reservation, 3)
    await gateway.idle()
    gateway.wait(9000)
    gateway.way = 'open'
    await gateway.quota.tend()
    expect(gateway.calls()).toEqual(['reserve', 'settle', 'tend'])
  })

  test('does not keep the gateway from closing', async () => {
    const gateway = leasedGateway(store)
    const claims = [bucket(2000)]
    await gateway.comeBefore(claims)
    await gateway.reserve(claims, 5)
    gateway.way = 'cut'
    await expect(gateway.quota.close()).resolves.toBeUndefined()
  })
})
