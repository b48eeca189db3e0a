import { randomUUID } from 'node:crypto'
import { inspect } from 'node:util'

import { expect, test, vi } from 'vitest'

import { createRedisStore } from '../../src/quota/redis-store.ts'
import type { QuotaStore } from '../../src/quota/store.ts'
import { bucket, exactly, granted } from '../support/quota-under-test.ts'
import { freePort, redisServer } from '../support/redis-server.ts'
import { whenDone } from '../support/when-done.ts'
import { PATIENTLY } from '../support/patiently.ts'

async function storeAt(url: string): Promise<QuotaStore> {
  const store = await createRedisStore({ url })
  whenDone(() => store.close())
  return store
}

/** How a call fails, and after how many milliseconds. */
async function failure(call: Promise<unknown>): Promise<{ code: unknown; ms: number }> {
  const startedAt = performance.now()
  const reason: unknown = await call.then(
    () => null,
    (error) => error,
  )
  const code = reason instanceof Error && 'code' in reason ? reason.code : reason
  return { code, ms: performance.now() - startedAt }
}

function isBack(store: QuotaStore): Promise<unknown> {
  return vi.waitFor(() => store.levels([bucket(10)]), { timeout: 10_000, interval: 20 })
}

test('a Redis that is killed is UNAVAILABLE at once, and serves again once it is back', async () => {
  const server = await redisServer()
  const store = await storeAt(server.url)
  await granted(store.reserve([bucket(10)], exactly(1)))
  await server.kill()
  const calls = [
    store.reserve([bucket(10)], exactly(1)),
    store.settle(randomUUID(), 1),
    store.levels([bucket(10)]),
    store.tend(randomUUID()),
    store.leave(randomUUID()),
  ]
  for (const { code, ms } of await Promise.all(calls.map(failure))) {
    expect(code).toBe('UNAVAILABLE')
    expect(ms).toBeLessThan(1000)
  }
  await server.start()
  await isBack(store)
  expect(await granted(store.reserve([bucket(10)], exactly(1)))).toMatchObject({ points: 1 })
})

test('a Redis that does not answer is UNAVAILABLE soon, and serves again once it does', async () => {
  const server = await redisServer()
  const store = await storeAt(server.url)
  const own = bucket(10)
  await granted(store.reserve([own], exactly(1)))
  server.signal('SIGSTOP')
  const first = await failure(store.reserve([own], exactly(1)))
  expect(first.code).toBe('UNAVAILABLE')
  expect(first.ms).toBeLessThan(1000)
  const next = await Promise.all([1, 2, 3].map(() => failure(store.reserve([own], exactly(1)))))
  expect(next.map(({ code }) => code)).toEqual(['UNAVAILABLE', 'UNAVAILABLE', 'UNAVAILABLE'])
  server.signal('SIGCONT')
  await isBack(store)
  expect(await granted(store.reserve([own], exactly(1)))).toMatchObject({ points: 1 })
})

test('a store opens without its Redis, and works once that is there', async () => {
  const server = await redisServer()
  await server.kill()
  const store = await storeAt(server.url)
  expect((await failure(store.levels([bucket(10)]))).code).toBe('UNAVAILABLE')
  await server.start()
  await isBack(store)
})

test('a Redis that is full is UNAVAILABLE', async () => {
  const server = await redisServer()
  await server.command('config', 'set', 'maxmemory', '1')
  const store = await storeAt(server.url)
  const asked = store.reserve([bucket(10)], exactly(1))
  await expect(asked).rejects.toMatchObject({ code: 'UNAVAILABLE' })
})

test('a closed store is UNAVAILABLE and does not connect again', async () => {
  const server = await redisServer()
  const store = await createRedisStore({ url: server.url })
  await store.close()
  expect((await failure(store.levels([bucket(10)]))).code).toBe('UNAVAILABLE')
  await vi.waitFor(async () => {
    const clients = String(await server.command('client', 'list'))
    expect(clients).not.toContain('name=maat')
  }, PATIENTLY)
})

test('scripts that Redis has forgotten are sent again', async () => {
  const server = await redisServer()
  const store = await storeAt(server.url)
  await granted(store.reserve([bucket(10)], exactly(1)))
  await server.command('script', 'flush')
  expect(await granted(store.reserve([bucket(10)], exactly(1)))).toMatchObject({ points: 1 })
})

test('what is thrown never holds the address, the password or a subject', async () => {
  const server = await redisServer()
  const port = String(await freePort())
  await server.command('config', 'set', 'port', port)
  await server.command('config', 'set', 'requirepass', 'right')
  const store = await storeAt(`redis://user:secret-word@127.0.0.1:${port}`)
  const own = { ...bucket(10), subject: 'secret-subject' }
  const reason: unknown = await store.reserve([own], exactly(1)).catch((error) => error)
  expect(reason).toMatchObject({ code: 'UNAVAILABLE' })
  expect(inspect(reason, { depth: 9, showHidden: true })).not.toMatch(/secret/)
  await expect(createRedisStore({ url: 'https://user:secret-word@host' })).rejects.toThrow(
    'The address of Redis is neither a redis:// URL nor a path.',
  )
})
