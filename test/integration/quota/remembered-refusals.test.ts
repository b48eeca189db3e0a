import { describe, expect, test } from 'vitest'

import { leasedGateway } from '../../support/leased-gateway.ts'
import { postgresBudgets } from '../../support/postgres-budgets.ts'
import { bucket, exactly, granted } from '../../support/quota-under-test.ts'
import { testDatabase } from '../../support/test-database.ts'

const { store } = postgresBudgets(await testDatabase())

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
