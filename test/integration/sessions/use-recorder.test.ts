import pg from 'pg'
import { describe, expect, test } from 'vitest'

import type { Principal } from '../../../src/auth/principal.ts'
import { createUseRecorder } from '../../../src/auth/use-recorder.ts'
import { writeUses } from '../../../src/auth/write-uses.ts'
import { connectDatabase } from '../../../src/database/connect.ts'
import { testGateway, type TestGateway } from '../../support/gateway.ts'
import { insertSession } from '../../support/session.ts'
import { sessionOf } from '../../support/session-principal.ts'
import { whenDone } from '../../support/test-database.ts'

const ME = '{ me { username } }'

/** A recorder of its own over the gateway's database, or the one given, by a clock that is set. */
function recorderOver({ database }: Pick<TestGateway, 'database'>, over = database) {
  const failures: unknown[] = []
  let now = Date.parse('2026-02-01T12:00:00Z')
  const recorder = createUseRecorder({
    database: over,
    clock: () => new Date(now),
    onFailure: (error) => void failures.push(error),
  })
  whenDone(recorder.close)
  return { ...recorder, failures, passSeconds: (seconds: number) => (now += seconds * 1000) }
}

async function keyOf(gateway: TestGateway): Promise<Principal & { readonly keyId: string }> {
  const accountId = await gateway.account()
  await gateway.issueKey({ accountId })
  const { rows } = await gateway.database.pool.query(
    `select id from api_key where account_id = '${accountId}'`,
  )
  const principal = sessionOf(accountId, { kind: 'key' })
  return { ...principal, keyId: rows[0].id, sessionId: null }
}

/** What the database has of a key's use, beside its account's. */
async function usesOf({ database }: TestGateway, { keyId }: { readonly keyId: string }) {
  const { rows } = await database.pool.query(
    `select calls::int, last_used_at::text, key_calls::int, session_calls::int, last_seen_at::text
     from api_key k join account a on a.id = account_id where k.id = '${keyId}'`,
  )
  return rows[0]
}

/** Keeps everybody else from what the statement locks, until the returned function is called. */
async function hold({ database }: TestGateway, statement: string) {
  const client = new pg.Client(database.url)
  await client.connect()
  await client.query(`begin; ${statement}`)
  return () => client.end()
}

describe('operations over HTTP', () => {
  test('are counted for their key and its account', async () => {
    const gateway = await testGateway()
    const accountId = await gateway.account()
    const key = await gateway.issueKey({ accountId })
    for (let n = 0; n < 3; n += 1) expect((await gateway.post(ME, key)).status).toBe(200)
    await gateway.uses.flush()
    const { rows } = await gateway.database.pool.query(
      `select calls::int, key_calls::int, session_calls::int, last_used_at = last_seen_at as alike
       from api_key join account on account.id = account_id`,
    )
    expect(rows).toEqual([{ calls: 3, key_calls: 3, session_calls: 0, alike: true }])
  })

  test('are counted for the account of a session, which was used then', async () => {
    const gateway = await testGateway()
    const longAgo = new Date('2020-01-01')
    const { token } = await insertSession(gateway, { last_used_at: longAgo })
    expect((await gateway.post(ME, token)).status).toBe(200)
    await gateway.uses.flush()
    const { rows } = await gateway.database.pool.query(
      `select key_calls::int, session_calls::int, last_used_at > now() - interval '1 minute' as lately
       from session join account on account.id = account_id`,
    )
    expect(rows).toEqual([{ key_calls: 0, session_calls: 1, lately: true }])
  })

  test('of nobody are nobody’s', async () => {
    const gateway = await testGateway()
    await gateway.account()
    expect((await gateway.post('{ version }')).status).toBe(200)
    await gateway.uses.flush()
    const { rows } = await gateway.database.pool.query(
      'select key_calls::int, session_calls::int, last_seen_at from account',
    )
    expect(rows).toEqual([{ key_calls: 0, session_calls: 0, last_seen_at: null }])
  })
})

describe('what is counted', () => {
  test('is written once, with the time of the last use', async () => {
    const gateway = await testGateway()
    const key = await keyOf(gateway)
    const { count, flush, passSeconds } = recorderOver(gateway)
    count(key)
    passSeconds(5)
    count(key)
    await flush()
    await flush()
    const at = '2026-02-01 12:00:05+00'
    const used = { calls: 2, last_used_at: at, key_calls: 2, session_calls: 0, last_seen_at: at }
    expect(await usesOf(gateway, key)).toEqual(used)
    passSeconds(-60)
    count(key)
    await flush()
    expect(await usesOf(gateway, key)).toEqual({ ...used, calls: 3, key_calls: 3 })
  })

  test('of several keys, of sessions and of other issuers’ tokens adds up in the account', async () => {
    const gateway = await testGateway()
    const key = await keyOf(gateway)
    const { accountId } = key
    const session = await insertSession(gateway, { account_id: accountId ?? '' })
    const { count, flush } = recorderOver(gateway)
    count(key)
    count({ ...sessionOf(session.accountId), sessionId: session.id })
    count({ ...sessionOf(session.accountId), sessionId: null })
    await flush()
    expect(await usesOf(gateway, key)).toMatchObject({ calls: 1, key_calls: 1, session_calls: 2 })
  })

  test('is all written by a flush that comes while another one runs', async () => {
    const gateway = await testGateway()
    const key = await keyOf(gateway)
    const { count, flush } = recorderOver(gateway)
    count(key)
    const first = flush()
    count(key)
    await flush()
    await first
    expect(await usesOf(gateway, key)).toMatchObject({ calls: 2, key_calls: 2 })
  })

  test.each([
    ['the key', (keyId: string) => `select from api_key where id = '${keyId}' for update`],
    ['the account', () => 'select from account for update'],
  ])('waits for nobody, and is kept while somebody holds %s', async (_row, statement) => {
    const gateway = await testGateway()
    const held = await keyOf(gateway)
    const release = await hold(gateway, statement(held.keyId))
    const free = await keyOf(gateway)
    const { count, flush } = recorderOver(gateway)
    for (const key of [held, free, held]) count(key)
    await flush()
    expect(await usesOf(gateway, held)).toMatchObject({ calls: 0, key_calls: 0 })
    expect(await usesOf(gateway, free)).toMatchObject({ calls: 1, key_calls: 1 })
    count(held)
    await release()
    await expect
      .poll(async () => {
        await flush()
        return usesOf(gateway, held)
      })
      .toMatchObject({ calls: 3, key_calls: 3 })
    expect(await usesOf(gateway, free)).toMatchObject({ calls: 1, key_calls: 1 })
  })

  test('is kept where the database is away, and never ends the process', async () => {
    const gateway = await testGateway()
    const key = await keyOf(gateway)
    const { database } = gateway
    const away = connectDatabase({
      url: 'postgres://app@localhost/maat?host=/nowhere',
      applicationName: 'maat',
    })
    whenDone(away.close)
    const over = { ...database, pool: away.pool }
    const { count, flush, close, failures } = recorderOver(gateway, over)
    count(key)
    await expect(flush()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    await close()
    expect(failures).toMatchObject([{ code: 'UNAVAILABLE' }])
    over.pool = database.pool
    await flush()
    expect(await usesOf(gateway, key)).toMatchObject({ calls: 1, key_calls: 1 })
  })

  test('is dropped with the key, the session or the account', async () => {
    const gateway = await testGateway()
    const { accountId, keyId } = await keyOf(gateway)
    const use = { accountId: accountId ?? '', keyId: null, sessionId: null, calls: 1, lastMs: 0 }
    const gone = '019a0000-0000-7000-8000-00000000dead'
    const uses = [
      { ...use, keyId },
      { ...use, keyId: gone },
      { ...use, sessionId: gone },
      { ...use, accountId: gone },
    ]
    expect(await writeUses(gateway.database, uses)).toEqual([])
    expect(await usesOf(gateway, { keyId })).toMatchObject({ calls: 1, key_calls: 1 })
  })

  test('is written by two gateways at once in any order', async () => {
    const gateway = await testGateway()
    const keys = await Promise.all(Array.from({ length: 20 }, () => keyOf(gateway)))
    const own = connectDatabase({ url: gateway.database.url, applicationName: 'maat' })
    whenDone(own.close)
    const recorders = [
      recorderOver(gateway),
      recorderOver(gateway, { ...gateway.database, ...own }),
    ]
    for (let round = 0; round < 10; round += 1) {
      for (const [n, { count }] of recorders.entries()) {
        for (const key of n === 0 ? keys : keys.toReversed()) count(key)
      }
      await Promise.all(recorders.map(({ flush }) => flush()))
    }
    for (const { flush } of recorders) await flush()
    const { rows } = await gateway.database.pool.query(
      'select calls::int, key_calls::int, count(*)::int from api_key join account on account.id = account_id group by 1, 2',
    )
    expect(rows).toEqual([{ calls: 20, key_calls: 20, count: 20 }])
  })
})
