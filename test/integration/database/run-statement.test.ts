import { expect, test, vi } from 'vitest'

import { runRows, runStatement } from '../../../src/database/run-statement.ts'
import { query } from '../../support/postgres.ts'
import { testDatabase } from '../../support/test-database.ts'

const database = await testDatabase()
const rows = (count: number) => ({ text: 'select generate_series(1, $1)', values: [count] })
const sleep = (seconds: number) => ({ text: 'select pg_sleep($1)::text', values: [seconds] })

/** What the pool's sessions of this database do, seen from another session. */
async function running(url: string): Promise<number> {
  const [row] = await query(
    url,
    `select count(*)::int as n from pg_stat_activity
     where datname = current_database() and query like 'select pg_sleep%' and state = 'active'`,
  )
  return Number(row?.['n'])
}

test('the one row comes back as an array, in the order of its columns', async () => {
  const statement = { text: 'select $1::int as a, $2::text as a', values: [1, 'two'] }
  expect(await runStatement(database, statement)).toEqual([1, 'two'])
})

test('a statement that answers no row, or two, is a defect', async () => {
  await expect(runStatement(database, rows(0))).rejects.toThrow('answered 0 rows')
  await expect(runStatement(database, rows(2))).rejects.toThrow('answered 2 rows')
})

test('all rows come back where any number will do', async () => {
  expect(await runRows(database, rows(0))).toEqual([])
  expect(await runRows(database, rows(2))).toEqual([[1], [2]])
})

test('sessions name the application, think in UTC and carry the limits of a request', async () => {
  const text = `select current_setting('application_name'), current_setting('TimeZone'),
    current_setting('statement_timeout'), current_setting('lock_timeout'),
    current_setting('idle_in_transaction_session_timeout')`
  expect(await runStatement(database, { text, values: [] })).toEqual([
    'maat',
    'UTC',
    '2s',
    '500ms',
    '5s',
  ])
})

test('a statement that takes longer than two seconds is DB_TIME_EXCEEDED, and its connection lives', async () => {
  const { pool, ...rest } = await testDatabase({ max: 1 })
  await expect(runStatement({ pool, ...rest }, sleep(30))).rejects.toMatchObject({
    code: 'DB_TIME_EXCEEDED',
  })
  expect(pool.totalCount).toBe(1)
})

test('an abort stops the statement on the server, and its connection serves the next one', async () => {
  const own = await testDatabase({ max: 1 })
  const before = await runStatement(own, { text: 'select pg_backend_pid()', values: [] })
  const abort = new AbortController()
  const answer = runStatement(own, sleep(1.9), { signal: abort.signal })
  await vi.waitUntil(async () => (await running(own.url)) === 1)
  abort.abort(new Error('the client left'))

  await expect(answer).rejects.toThrow('the client left')
  await vi.waitUntil(async () => (await running(own.url)) === 0)
  expect(await runStatement(own, { text: 'select pg_backend_pid()', values: [] })).toEqual(before)
})

test('an abort never hits the statement of the next caller', async () => {
  const own = await testDatabase({ max: 1 })
  for (let round = 0; round < 50; round += 1) {
    const abort = new AbortController()
    const first = runStatement(
      own,
      { text: 'select $1::int', values: [1] },
      { signal: abort.signal },
    )
    const second = runStatement(own, { text: 'select pg_sleep($1), 2', values: [0.005] })
    setImmediate(() => abort.abort())
    await first.catch(() => {})
    expect((await second)[1]).toBe(2)
  }
})

test('a signal that was aborted before costs no connection', async () => {
  const own = await testDatabase()
  await expect(runStatement(own, sleep(1), { signal: AbortSignal.abort() })).rejects.toThrow(
    'aborted',
  )
  expect(own.pool.totalCount).toBe(0)
})

test('whoever sends a statement is told so, once its connection is there', async () => {
  const own = await testDatabase({ max: 1 })
  const told: string[] = []
  const busy = runStatement(own, sleep(0.1), { onSent: () => told.push('first') })
  const abort = new AbortController()
  const onSent = () => told.push('second')
  const waiting = runStatement(own, sleep(0), { onSent, signal: abort.signal })
  abort.abort(new Error('the client left'))
  await busy
  await expect(waiting).rejects.toThrow('the client left')
  expect(told).toEqual(['first'])
})

test('an abort while waiting for a connection gives the connection back', async () => {
  const own = await testDatabase({ max: 1 })
  const abort = new AbortController()
  const busy = runStatement(own, sleep(0.1))
  const waiting = runStatement(own, sleep(1), { signal: abort.signal })
  abort.abort(new Error('the client left'))
  await busy
  await expect(waiting).rejects.toThrow('the client left')
  expect(own.pool.idleCount).toBe(1)
})

test('whoever finds no free connection within half a second is told UNAVAILABLE', async () => {
  const own = await testDatabase({ max: 1 })
  const busy = runStatement(own, sleep(1))
  await expect(runStatement(own, sleep(0))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  await busy
})

test('a session that is killed in the middle is UNAVAILABLE, and the next statement gets another', async () => {
  const own = await testDatabase({ max: 1 })
  const [pid] = await runStatement(own, { text: 'select pg_backend_pid()', values: [] })
  const answer = runStatement(own, sleep(1.9)).catch((error: unknown) => error)
  await vi.waitUntil(async () => (await running(own.url)) === 1)
  await query(own.url, `select pg_terminate_backend(${String(pid)})`)
  expect(await answer).toMatchObject({ code: 'UNAVAILABLE' })
  expect(await runStatement(own, { text: 'select 1', values: [] })).toEqual([1])
})

test('an idle session that is killed does not end the process', async () => {
  const own = await testDatabase({ max: 1 })
  const [pid] = await runStatement(own, { text: 'select pg_backend_pid()', values: [] })
  await query(own.url, `select pg_terminate_backend(${String(pid)})`)
  await vi.waitUntil(() => own.pool.totalCount === 0)
  expect(await runStatement(own, { text: 'select 1', values: [] })).toEqual([1])
})

test('a wrong statement is a defect, not a refusal', async () => {
  await expect(runStatement(database, { text: 'select from nowhere', values: [] })).rejects.toThrow(
    'relation "nowhere" does not exist',
  )
})
