import { randomUUID } from 'node:crypto'

import { expect, test } from 'vitest'

import { createPostgresStore } from '../../../src/quota/postgres-store.ts'
import { compileOperation } from '../../../src/schema/plan/operation.ts'
import { policiesWith } from '../../support/policies.ts'
import { stoppedCommunity } from '../../support/stopped-community.ts'

const policies = policiesWith({ 'in-flight': 2, 'anonymous-in-flight': 1 })

test('an operation too many of one account is refused until one of the others has ended', async () => {
  const held = holding()
  const gateway = await stoppedCommunity({ policies, compileOperation: held.compileOperation })
  const [ada, ben] = [await gateway.keyOf('ada'), await gateway.keyOf('ben')]
  const running = [gateway.post('{ me { username } }', ada), gateway.post('{ version }', ada)]
  await held.running(2)

  const { status, body, headers } = await gateway.post('{ me { id username } }', ada)
  expect([status, headers['retry-after']]).toEqual([429, '1'])
  expect(JSON.parse(body).errors).toEqual([
    {
      message: 'At most 2 operations of one client run at the same time. Wait until one has ended.',
      extensions: { code: 'CONCURRENCY_LIMITED', estimated: 3, limit: 2, retryAfterSeconds: 1 },
    },
  ])
  expect(JSON.parse(body).extensions.cost).toMatchObject({ estimated: 3, actual: 0, refunded: 0 })
  const others = [gateway.post('{ version }', ben), gateway.post('{ version }')]
  await held.running(4)

  held.finish()
  const statuses = (await Promise.all([...running, ...others])).map((answer) => answer.status)
  expect(statuses).toEqual([200, 200, 200, 200])
  expect((await gateway.post('{ me { id username } }', ada)).status).toBe(200)
})

test('several gateways share what one account may run at the same time', async () => {
  const held = holding()
  const gateway = await stoppedCommunity({ policies, compileOperation: held.compileOperation })
  const ada = await gateway.keyOf('ada')
  await createPostgresStore(gateway.database).tend(randomUUID())
  await gateway.quota.tend()
  const running = gateway.post('{ version }', ada)
  await held.running(1)
  expect((await gateway.post('{ version }', ada)).codes).toEqual(['CONCURRENCY_LIMITED'])
  held.finish()
  expect((await running).status).toBe(200)
})

/** Operations that run once they may. */
function holding() {
  let count = 0
  const gate = Promise.withResolvers<void>()
  const waiting: { readonly count: number; readonly resolve: () => void }[] = []
  const enter = (): void => {
    count += 1
    for (const { count: awaited, resolve } of waiting) if (count >= awaited) resolve()
  }
  return {
    compileOperation: (...compiled: Parameters<typeof compileOperation>) => {
      const operation = compileOperation(...compiled)
      const plan: typeof operation.plan = (standing, variables) => {
        const planned = operation.plan(standing, variables)
        return {
          ...planned,
          async run(request) {
            enter()
            await gate.promise
            return planned.run(request)
          },
        }
      }
      return { ...operation, plan }
    },
    /** Resolves once so many run. */
    running: (awaited: number): Promise<void> =>
      new Promise((resolve) => {
        if (count >= awaited) resolve()
        else waiting.push({ count: awaited, resolve })
      }),
    finish: () => gate.resolve(),
  }
}
