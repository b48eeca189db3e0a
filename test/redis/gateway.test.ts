import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test, vi } from 'vitest'

import { sendRequest } from '../support/http-request.ts'
import { freePort, redisServer } from '../support/redis-server.ts'
import { startGateway } from '../support/started-gateway.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** Costs 3 points. */
const CHEAP = '{ me { username } }'
/** Can cost 48 points, and costs less. */
const DEAR = '{ me { measurementSets(first: 40) { nodes { name } } } }'

interface Answered {
  readonly status: number
  readonly code: string | null
  readonly actual: number
  /** Of the RateLimit-Policy field. */
  readonly policy: string
  readonly retryAfter: number
}

/** Asks a gateway, in a process of its own, whose budgets are in this Redis. */
async function gatewayOver(redisUrl: string): Promise<(document: string) => Promise<Answered>> {
  const data = await temporaryFolder()
  const { origin } = await startGateway({ MAAT_DATA: data, REDIS_URL: redisUrl })
  const authorization = `Bearer ${(await readFile(join(data, 'demo-key'), 'utf8')).trim()}`
  return async (document) => {
    const { status, headers, body } = await sendRequest(origin, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ query: document }),
    })
    const { errors, extensions } = JSON.parse(body)
    return {
      status,
      code: errors?.[0]?.extensions?.code ?? null,
      actual: extensions.cost.actual,
      policy: String(headers['ratelimit-policy']),
      retryAfter: Number(headers['retry-after']),
    }
  }
}

test('while Redis is away a gateway answers from its lease, then from its allowance, then refuses, and recovers by itself', async () => {
  const redis = await redisServer(await freePort())
  const ask = await gatewayOver(redis.url)
  // Nobody has a lease the first time.
  await ask(CHEAP)
  await ask(CHEAP)
  await redis.kill()
  const answers = [await ask(DEAR)]
  while (answers.at(-1)?.status === 200) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    answers.push(await ask(DEAR))
  }
  const refusal = answers.pop()
  expect(refusal).toMatchObject({ status: 429, code: 'RATE_LIMITED' })
  expect(refusal?.policy).toBe('"emergency";q=200;w=60;maat-unit="points";maat-mode="emergency"')
  expect(refusal?.retryAfter).toBeGreaterThanOrEqual(1)
  expect(refusal?.retryAfter).toBeLessThanOrEqual(60)

  const modes = answers.map(({ policy }) =>
    policy.includes('maat-mode="emergency"') ? 'allowance' : 'lease',
  )
  expect(modes.toSorted().toReversed()).toEqual(modes)
  expect(new Set(modes)).toEqual(new Set(['lease', 'allowance']))
  const allowed = answers.filter((_, place) => modes[place] === 'allowance')
  const spent = allowed.reduce((sum, { actual }) => sum + actual, 0)
  expect(spent).toBeGreaterThan(200 - 48)
  expect(spent).toBeLessThanOrEqual(200)

  await redis.start()
  await vi.waitFor(
    async () => {
      const { status, policy } = await ask(DEAR)
      expect({ status, isNormal: policy.startsWith('"burst";q=2000') }).toEqual({
        status: 200,
        isNormal: true,
      })
    },
    { timeout: 10_000, interval: 50 },
  )
})
