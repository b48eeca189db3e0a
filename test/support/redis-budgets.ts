import { Redis } from 'ioredis'

import { createRedisStore } from '../../src/quota/redis-store.ts'
import type { Claim } from '../../src/quota/store.ts'
import type { QuotaUnderTest } from './quota-under-test.ts'
import { whenDone } from './when-done.ts'

/** Budgets in the Redis at this address. */
export async function redisBudgets(url: string): Promise<QuotaUnderTest> {
  const redis = new Redis(url)
  whenDone(async () => redis.disconnect())

  async function another() {
    const store = await createRedisStore({ url })
    whenDone(() => store.close())
    return store
  }

  return {
    store: await another(),
    another,
    async pass(ms) {
      for (const key of await redis.keys('{maat}:*:*')) {
        // oxlint-disable-next-line no-await-in-loop -- a handful of keys
        await redis.hset(key, 'at', Number(await redis.hget(key, 'at')) - 1000 * ms)
      }
      for (const key of ['{maat}:grants', '{maat}:gateways']) {
        // oxlint-disable-next-line no-await-in-loop -- two keys
        const ids = await redis.zrange(key, 0, '-1')
        // oxlint-disable-next-line no-await-in-loop -- two keys
        await Promise.all(ids.map((id) => redis.zincrby(key, -ms, id)))
      }
    },
    async counters(claim) {
      const counted = await redis.hmget(keyOf(claim), 'reserved', 'refunded', 'forfeited')
      const [reserved = 0, refunded = 0, forfeited = 0] = counted.map(Number)
      return { reserved, refunded, forfeited }
    },
    async empty() {
      await redis.flushall()
    },
  }
}

/** Where a budget is kept. */
export function keyOf({ partition, subject }: Claim): string {
  return `{maat}:budget:${partition}:${subject}`
}
