import { expect, test } from 'vitest'

import { createSessionUses } from '../../../src/auth/session-uses.ts'
import { writeSessionUses } from '../../../src/auth/write-session-uses.ts'
import { connectDatabase } from '../../../src/database/connect.ts'
import { testGateway, type TestGateway } from '../../support/gateway.ts'
import { hold } from '../../support/hold.ts'
import { insertSession } from '../../support/session.ts'
import { whenDone } from '../../support/when-done.ts'

const LONG_AGO = new Date('2020-01-01T00:00:00Z')
const NOON = '2026-02-01T12:00:00.000Z'

/** A session that was used long ago, and uses of their own over the gateway's database, or the one given, by a clock that is set. */
async function used(gateway: TestGateway, over = gateway.database) {
  const { id: sessionId } = await insertSession(gateway, { last_used_at: LONG_AGO })
  const failures: unknown[] = []
  let now = Date.parse(NOON)
  const uses = createSessionUses({
    database: over,
    clock: () => new Date(now),
    onFailure: (error) => void failures.push(error),
  })
  whenDone(uses.close)
  return {
    ...uses,
    sessionId,
    failures,
    passSeconds: (seconds: number) => (now += seconds * 1000),
    lastUse: async () => {
      const { last_used_at: at } = await gateway.database.kysely
        .selectFrom('session')
        .select('last_used_at')
        .where('id', '=', sessionId)
        .executeTakeFirstOrThrow()
      return at.toISOString()
    },
  }
}

test('a session that opens something was used then', async () => {
  const gateway = await testGateway()
  const { token } = await insertSession(gateway, { last_used_at: LONG_AGO })
  expect((await gateway.post('{ me { username } }', token)).status).toBe(200)
  await gateway.uses.flush()
  const { rows } = await gateway.database.pool.query(
    `select last_used_at > now() - interval '1 minute' as lately from session`,
  )
  expect(rows).toEqual([{ lately: true }])
})

test('the last use never goes back', async () => {
  const { sessionId, note, flush, passSeconds, lastUse } = await used(await testGateway())
  note({ sessionId })
  await flush()
  expect(await lastUse()).toBe(NOON)
  passSeconds(-60)
  note({ sessionId })
  await flush()
  expect(await lastUse()).toBe(NOON)
})

test('a flush that comes while another one runs has all that was noted before it', async () => {
  const { sessionId, note, flush, passSeconds, lastUse } = await used(await testGateway())
  note({ sessionId })
  const first = flush()
  passSeconds(5)
  note({ sessionId })
  await flush()
  await first
  expect(await lastUse()).toBe('2026-02-01T12:00:05.000Z')
})

test('a session that somebody holds is left alone, and keeps no other waiting', async () => {
  const gateway = await testGateway()
  const held = await used(gateway)
  const free = await used(gateway)
  const release = await hold(
    gateway,
    `select from session where id = '${held.sessionId}' for update`,
  )
  held.note(held)
  held.note(free)
  await held.flush()
  expect([await held.lastUse(), await free.lastUse()]).toEqual([LONG_AGO.toISOString(), NOON])
  await release()
})

test('what the database could not be told is told the next time, and never ends the process', async () => {
  const gateway = await testGateway()
  const away = connectDatabase({
    url: 'postgres://app@localhost/maat?host=/nowhere',
    applicationName: 'maat',
  })
  whenDone(away.close)
  const over = { ...gateway.database, pool: away.pool }
  const { sessionId, note, flush, close, failures, lastUse } = await used(gateway, over)
  note({ sessionId })
  await expect(flush()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  await close()
  expect(failures).toMatchObject([{ code: 'UNAVAILABLE' }])
  over.pool = gateway.database.pool
  await flush()
  expect(await lastUse()).toBe(NOON)
})

test('a session that is gone is dropped', async () => {
  const gateway = await testGateway()
  const { sessionId, lastUse } = await used(gateway)
  const gone = '019a0000-0000-7000-8000-00000000dead'
  await writeSessionUses(
    gateway.database,
    new Map([gone, sessionId].map((id) => [id, Date.parse(NOON)])),
  )
  expect(await lastUse()).toBe(NOON)
})
