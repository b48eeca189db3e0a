import { expect, test } from 'vitest'

import { leasedGateway } from '../../support/leased-gateway.ts'
import { postgresBudgets } from '../../support/postgres-budgets.ts'
import { bucket, remaining } from '../../support/quota-under-test.ts'
import { testDatabase } from '../../support/test-database.ts'

const { store, counters, pass } = postgresBudgets(await testDatabase())

/** A gateway that stands still while time passes everywhere else, and another one that does not. */
async function stoodStill(ms: number) {
  const [still, other] = [leasedGateway(store), leasedGateway(store)]
  const own = bucket(2000)
  await still.comeBefore([own])
  const settled = await still.reserve([own], 5)
  still.quota.settle(settled, 5)
  const running = await still.reserve([own], 5)
  await pass(ms)
  await Promise.all([other.quota.tend(), other.quota.tend()])
  still.wait(ms)
  return { still, other, own, running }
}

test('a lease is forfeited once, by whoever looks first: nine seconds after its grant, and not before', async () => {
  const { other, own } = await stoodStill(8000)
  expect(await counters(own)).toEqual({ reserved: 101, refunded: 1, forfeited: 0 })
  await pass(1000)
  await Promise.all([other.quota.tend(), other.quota.tend()])
  expect(await counters(own)).toEqual({ reserved: 101, refunded: 1, forfeited: 100 })
})

test('the gateway that stood still gives nothing of it back', async () => {
  const { still, own, running } = await stoodStill(10_000)
  still.quota.settle(running, 0)
  await still.quota.tend()
  await still.quota.close()
  expect(await counters(own)).toEqual({ reserved: 101, refunded: 1, forfeited: 100 })
  expect(await remaining(store, own)).toEqual([1900])
})

test('the gateway that stood still spends nothing of it, and serves again', async () => {
  const { still, own } = await stoodStill(10_000)
  const next = await still.reserve([own], 5)
  expect(next.levels().map(({ remaining: left }) => Math.round(left))).toEqual([1895])
  still.quota.settle(next, 5)
  await still.quota.close()
  expect(await counters(own)).toEqual({ reserved: 106, refunded: 1, forfeited: 100 })
})

test('the gateway that stood still counts nothing of it as what remains', async () => {
  const { still, own, running } = await stoodStill(10_000)
  expect(Math.round(running.levels()[0]?.remaining ?? 0)).toBe(1900)
  still.quota.settle(running, 0)
  expect(Math.round(still.quota.known([own])?.[0]?.remaining ?? 0)).toBe(1900)
})
