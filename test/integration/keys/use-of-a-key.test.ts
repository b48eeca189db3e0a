import { expect, test } from 'vitest'

import { createUseRecorder } from '../../../src/auth/use-recorder.ts'
import { testGateway } from '../../support/gateway.ts'
import { sessionOf } from '../../support/session-principal.ts'
import { whenDone } from '../../support/test-database.ts'

const USE = '{ apiKeys { nodes { calls lastUsedAt } } me { keyCalls sessionCalls lastSeenAt } }'

test('a key tells how often and when it was used, and so does its account', async () => {
  const now = new Date('2026-02-01T12:00:00Z')
  const gateway = await testGateway({ now: () => now })
  const key = await gateway.issueKey({ level: 2 })
  expect((await gateway.post(USE, key)).data).toEqual({
    apiKeys: { nodes: [{ calls: 0, lastUsedAt: null }] },
    me: { keyCalls: 0, sessionCalls: 0, lastSeenAt: null },
  })
  await gateway.post('{ version }', key)
  await gateway.post('{ version }')
  await gateway.uses.flush()
  const { data } = await gateway.post(USE, key)
  const moment = '2026-02-01T12:00:00+00:00'
  expect(data).toEqual({
    apiKeys: { nodes: [{ calls: 2, lastUsedAt: moment }] },
    me: { keyCalls: 2, sessionCalls: 0, lastSeenAt: moment },
  })
})

test('what the database could not be told is told the next time, once', async () => {
  const gateway = await testGateway()
  const accountId = await gateway.account()
  let isAway = true
  const failures: unknown[] = []
  const recorder = createUseRecorder({
    database: new Proxy(gateway.database, {
      get(database, name) {
        if (isAway) throw new Error('away')
        return Reflect.get(database, name)
      },
    }),
    clock: () => new Date(),
    onFailure: (error) => failures.push(error),
  })
  whenDone(() => recorder.close())
  // Signed in elsewhere: there is no session here.
  const principal = { ...sessionOf(accountId), sessionId: null }
  recorder.count(principal)
  recorder.count(principal)
  await expect(recorder.flush()).rejects.toThrow('away')
  recorder.count(principal)
  isAway = false
  await recorder.flush()
  await recorder.flush()
  const { rows } = await gateway.database.pool.query('select session_calls::int from account')
  expect(rows).toEqual([{ session_calls: 3 }])
})
