import { expect, test, vi } from 'vitest'

import { createRedisStore } from '../../src/quota/redis-store.ts'
import { leasedGateway } from '../support/leased-gateway.ts'
import { quotaLaw } from '../support/quota-law.ts'
import { bucket } from '../support/quota-under-test.ts'
import { redisBudgets } from '../support/redis-budgets.ts'
import { redisServer } from '../support/redis-server.ts'
import { whenDone } from '../support/when-done.ts'

quotaLaw(await redisBudgets((await redisServer()).url))

test('while Redis is away a gateway spends its lease, then its allowance, and then refuses; Redis back, all is as before', async () => {
  const server = await redisServer()
  const store = await createRedisStore({ url: server.url })
  whenDone(() => store.close())
  const gateway = leasedGateway(store, { whenAway: 'allowance' })
  const claims = [bucket(2000)]
  await gateway.comeBefore(claims)
  gateway.quota.settle(await gateway.reserve(claims, 5), 5)
  await server.kill()
  gateway.wait(3000)
  const modes: string[] = []
  for (let n = 0; n < 3; n += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const { mode } = await gateway.reserve(claims, 95)
    modes.push(mode)
  }
  expect(modes).toEqual(['normal', 'emergency', 'emergency'])
  expect(await gateway.refused(claims, 95)).toMatchObject({ partition: 'emergency' })
  expect(gateway.told).toEqual({ away: 1, back: 0 })

  await server.start()
  await vi.waitFor(
    async () => {
      await gateway.quota.tend()
      expect(gateway.told).toEqual({ away: 1, back: 1 })
    },
    { timeout: 10_000, interval: 20 },
  )
  expect(await gateway.reserve(claims, 95)).toMatchObject({ mode: 'normal' })
})
