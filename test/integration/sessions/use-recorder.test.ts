import pg from 'pg'
import { describe, expect, test } from 'vitest'

import { createUseRecorder } from '../../../src/auth/use-recorder.ts'
import { writeUses } from '../../../src/auth/write-uses.ts'
import { connectDatabase } from '../../../src/database/connect.ts'
import { testGateway, type TestGateway } from '../../support/gateway.ts'
import { insertSession } from '../../support/session.ts'
import { whenDone } from '../../support/test-database.ts'

const NOON = Date.parse('2026-02-01T12:00:00Z')

/** A recorder of its own over the gateway's database, or the one given, by a clock that is set. */
function recorderOver({ database }: Pick<TestGateway, 'database'>, over = database) {
  const failures: unknown[] = []
  let now = NOON
  const recorder = createUseRecorder({
    database: over,
    clock: () => new Date(now),
    onFailure: (error) => void failures.push(error),
  })
  whenDone(recorder.close)
  return { ...recorder, failures, passSeconds: (seconds: number) => (now += seconds * 1000) }
}

/** A session that was last used long ago. */
async function sessionIn(gateway: TestGateway): Promise<{ readonly sessionId: string }> {
  const { id } = await insertSession(gateway, { last_used_at: new Date('2020-01-01') })
  return { sessionId: id }
}

/** When it was last used, in seconds after noon; null: before that. */
async function usedAt({ database }: TestGateway, { sessionId }: { readonly sessionId: string }) {
  const { last_used_at: at } = await database.kysely
    .selectFrom('session')
    .select('last_used_at')
    .where('id', '=', sessionId)
    .executeTakeFirstOrThrow()
  return at.getTime() < NOON ? null : (at.getTime() - NOON) / 1000
}

/** Keeps everybody else from what the statement locks, until the returned function is called. */
async function hold({ database }: TestGateway, statement: string) {
  const client = new pg.Client(database.url)
  await client.connect()
  await client.query(`begin; ${statement}`)
  return () => client.end()
}

test('a session that runs an operation over HTTP was used then', async () => {
  const gateway = await testGateway()
  const { token } = await insertSession(gateway, { last_used_at: new Date('2020-01-01') })
  expect((await gateway.post('{ me { username } }', token)).status).toBe(200)
  await gateway.uses.flush()
  const { rows } = await gateway.database.pool.query(
    `select last_used_at > now() - interval '1 minute' as lately from session`,
  )
  expect(rows).toEqual([{ lately: true }])
})

describe('the use of sessions', () => {
  test('is written with the time of the last one, and never goes back', async () => {
    const gateway = await testGateway()
    const session = await sessionIn(gateway)
    const { note, flush, passSeconds } = recorderOver(gateway)
    note(session)
    passSeconds(5)
    note(session)
    await flush()
    await flush()
    expect(await usedAt(gateway, session)).toBe(5)
    passSeconds(-60)
    note(session)
    await flush()
    expect(await usedAt(gateway, session)).toBe(5)
  })

  test('is nobody’s where the session is kept elsewhere, or there is none', async () => {
    const gateway = await testGateway()
    const session = await sessionIn(gateway)
    const { note, flush } = recorderOver(gateway)
    note({ sessionId: null })
    await flush()
    expect(await usedAt(gateway, session)).toBeNull()
  })

  test('is all written by a flush that comes while another one runs', async () => {
    const gateway = await testGateway()
    const session = await sessionIn(gateway)
    const { note, flush, passSeconds } = recorderOver(gateway)
    note(session)
    const first = flush()
    passSeconds(1)
    note(session)
    await flush()
    await first
    expect(await usedAt(gateway, session)).toBe(1)
  })

  test('waits for nobody, and is kept while somebody holds the session', async () => {
    const gateway = await testGateway()
    const held = await sessionIn(gateway)
    const release = await hold(gateway, 'select from session for update')
    const free = await sessionIn(gateway)
    const { note, flush, passSeconds } = recorderOver(gateway)
    for (const session of [held, free]) note(session)
    await flush()
    expect([await usedAt(gateway, held), await usedAt(gateway, free)]).toEqual([null, 0])
    passSeconds(3)
    note(held)
    await release()
    await expect
      .poll(async () => {
        await flush()
        return usedAt(gateway, held)
      })
      .toBe(3)
    expect(await usedAt(gateway, free)).toBe(0)
  })

  test('is kept where the database is away, and never ends the process', async () => {
    const gateway = await testGateway()
    const session = await sessionIn(gateway)
    const { database } = gateway
    const away = connectDatabase({
      url: 'postgres://app@localhost/maat?host=/nowhere',
      applicationName: 'maat',
    })
    whenDone(away.close)
    const over = { ...database, pool: away.pool }
    const { note, flush, close, failures } = recorderOver(gateway, over)
    note(session)
    await expect(flush()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await close()
    expect(failures).toMatchObject([{ code: 'UNAVAILABLE' }])
    over.pool = database.pool
    await flush()
    expect(await usedAt(gateway, session)).toBe(0)
  })

  test('is dropped with the session', async () => {
    const gateway = await testGateway()
    const session = await sessionIn(gateway)
    const gone = '019a0000-0000-7000-8000-00000000dead'
    const uses = new Map([
      [gone, NOON],
      [session.sessionId, NOON + 1000],
    ])
    expect(await writeUses(gateway.database, uses)).toEqual(new Map())
    expect(await usedAt(gateway, session)).toBe(1)
  })

  test('is written by two gateways at once in any order', async () => {
    const gateway = await testGateway()
    const sessions = await Promise.all(Array.from({ length: 20 }, () => sessionIn(gateway)))
    const own = connectDatabase({ url: gateway.database.url, applicationName: 'maat' })
    whenDone(own.close)
    const recorders = [
      recorderOver(gateway),
      recorderOver(gateway, { ...gateway.database, ...own }),
    ]
    for (let round = 0; round < 10; round += 1) {
      for (const [n, { note, passSeconds }] of recorders.entries()) {
        passSeconds(1)
        for (const session of n === 0 ? sessions : sessions.toReversed()) note(session)
      }
      await Promise.all(recorders.map(({ flush }) => flush()))
    }
    for (const { flush } of recorders) await flush()
    const used = await Promise.all(sessions.map((session) => usedAt(gateway, session)))
    expect(used).toEqual(sessions.map(() => 10))
  })
})
