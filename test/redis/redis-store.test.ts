import { randomUUID } from 'node:crypto'

import { Redis } from 'ioredis'
import { expect, test } from 'vitest'

import { quotaContract } from '../support/quota-contract.ts'
import { bucket, calendarWindow, exactly, granted } from '../support/quota-under-test.ts'
import { keyOf, redisBudgets } from '../support/redis-budgets.ts'
import { redisServer } from '../support/redis-server.ts'
import { whenDone } from '../support/when-done.ts'

const { url } = await redisServer()
const redis = new Redis(url)
whenDone(async () => redis.disconnect())
const budgets = await redisBudgets(url)
const { store } = budgets

quotaContract(budgets)

test('a budget of a client address expires two days after its last use, that of an account never', async () => {
  const claims = [{ ...bucket(200), partition: 'anonymous-burst' }, bucket(200)] as const
  const { id } = await granted(store.reserve(claims, exactly(5)))
  expect(await redis.ttl(keyOf(claims[0]))).toBeGreaterThan(172_700)
  expect(await redis.ttl(keyOf(claims[1]))).toBe(-1)
  await redis.del(keyOf(claims[0]))
  await store.settle(id, 0)
  expect(await redis.exists(keyOf(claims[0]))).toBe(0)
})

test('a settled grant leaves nothing behind', async () => {
  const own = bucket(10)
  const { id } = await granted(store.reserve([own], exactly(5)))
  await store.settle(id, 5)
  expect(await redis.keys('*')).toEqual([keyOf(own)])
})

test('every key lies in one slot', async () => {
  await granted(store.reserve([bucket(10), calendarWindow(10)], exactly(5)))
  await store.tend(randomUUID())
  const keys = await redis.keys('*')
  expect(keys).toHaveLength(5)
  expect(new Set(keys.map((key) => /^\{[^}]*\}/.exec(key)?.[0]))).toEqual(new Set(['{maat}']))
})
