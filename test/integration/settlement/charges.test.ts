import { describe, expect, test } from 'vitest'

import { connectDatabase, type Database } from '../../../src/database/connect.ts'
import { chargedPoints } from '../../support/counted-points.ts'
import { holdTables } from '../../support/held-tables.ts'
import {
  type Around,
  type Leave,
  paidGateway,
  SETS,
  SETS_ACTUAL,
  SETS_ESTIMATED,
} from '../../support/paid-gateway.ts'
import { policiesWith } from '../../support/policies.ts'
import { type TestDatabase } from '../../support/test-database.ts'
import { whenDone } from '../../support/when-done.ts'
import { costOf } from '../../support/told-cost.ts'

/** One operation at a time: whatever keeps its place keeps everybody out. */
const policies = policiesWith({ 'in-flight': 1, burst: { capacity: 100_000, restorePerSecond: 1 } })

test('an operation that is answered costs what it found', async () => {
  const gateway = await paidGateway({ policies })
  const { status } = await gateway.post(SETS, gateway.key)
  expect(status).toBe(200)
  expect(await chargedPoints(gateway)).toBe(SETS_ACTUAL)
})

describe('an operation whose client leaves', () => {
  test.each<{ readonly leave: Leave; readonly when: string; readonly charge: number }>([
    { leave: 'before', when: 'before its statement is sent costs a point', charge: 1 },
    { leave: 'meanwhile', when: 'while that runs costs its price', charge: SETS_ESTIMATED },
    { leave: 'after', when: 'once that has ended costs what it found', charge: SETS_ACTUAL },
  ])('$when', async ({ leave, charge }) => {
    const gateway = await paidGateway({ policies })
    const release =
      leave === 'meanwhile' ? await holdTables(gateway.database, 'measurement_set') : null
    await gateway.postAndLeave(SETS, leave)
    await expect.poll(() => chargedPoints(gateway)).toBe(charge)
    await release?.()
    expect((await gateway.post('{ version }', gateway.key)).status).toBe(200)
  })
})

describe('an operation that fails', () => {
  test.each<{
    readonly why: string
    readonly status: number
    readonly code: string
    readonly around: (database: TestDatabase) => Around
    readonly charge: number
  }>([
    {
      why: 'before its statement, for want of a connection, costs nothing',
      status: 503,
      code: 'UNAVAILABLE',
      around: exhausting,
      charge: 0,
    },
    {
      why: 'because its statement takes too long costs its price',
      status: 503,
      code: 'DB_TIME_EXCEEDED',
      around: takingTooLong,
      charge: SETS_ESTIMATED,
    },
    {
      why: 'because its connection breaks costs its price',
      status: 503,
      code: 'UNAVAILABLE',
      around: breaking,
      charge: SETS_ESTIMATED,
    },
    {
      why: 'after its statement, because a sealed value does not open, costs what it found',
      status: 500,
      code: 'INTERNAL',
      around: corrupting,
      charge: SETS_ACTUAL,
    },
    {
      why: 'because its answer is too large costs what it found',
      status: 422,
      code: 'ANSWER_TOO_LARGE',
      around: () => async (run, request) => ({
        ...(await run(request)),
        data: JSON.stringify('x'.repeat(8 * 1024 * 1024)),
      }),
      charge: SETS_ACTUAL,
    },
  ])('$why', async ({ status, code, around, charge }) => {
    const gateway = await paidGateway({ policies })
    gateway.around = around(gateway.database)
    const answer = await gateway.post(SETS, gateway.key)
    expect([answer.status, answer.codes]).toEqual([status, [code]])
    expect(costOf(answer)).toMatchObject({
      estimated: SETS_ESTIMATED,
      actual: charge,
      refunded: SETS_ESTIMATED - charge,
    })
    expect(await chargedPoints(gateway)).toBe(charge)
    gateway.around = (run, request) => run(request)
    expect((await gateway.post('{ version }', gateway.key)).status).toBe(200)
  })
})

/** No connection is left, and the half second is over in which one might come free. */
function exhausting({ pool }: TestDatabase): Around {
  return async (run, request) => {
    const clients = await Promise.all(
      Array.from({ length: pool.options.max }, () => pool.connect()),
    )
    try {
      return await run(request)
    } finally {
      for (const client of clients) client.release()
    }
  }
}

/** The statement waits for somebody else for longer than any may run: here, a tenth of a second. */
function takingTooLong({ url }: TestDatabase): Around {
  return async (run, request) => {
    const database = await waiting(url, 'statement_timeout = 100')
    const release = await holdTables({ url }, 'measurement_set')
    try {
      return await run({ ...request, database })
    } finally {
      await release()
    }
  }
}

/** The session ends while the statement waits for somebody else. */
function breaking({ url, pool }: TestDatabase): Around {
  return async (run, request) => {
    const database = await waiting(url, 'statement_timeout = 0')
    const release = await holdTables({ url }, 'measurement_set')
    const running = run({ ...request, database })
    // It is heard below.
    running.catch(() => {})
    await expect.poll(() => endWaiting(pool)).toBe(1)
    await release()
    return running
  }
}

/** Ends every session that waits for another; answers how many there were. */
async function endWaiting(pool: TestDatabase['pool']): Promise<number> {
  const { rows } = await pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
  )
  return rows.length
}

/** One connection that waits for whoever holds a table, with this limit. */
async function waiting(url: string, limit: string): Promise<Database> {
  const database = connectDatabase({ url, applicationName: 'maat', max: 1 })
  whenDone(database.close)
  await database.pool.query(`set lock_timeout = 0; set ${limit}`)
  return database
}

function corrupting({ pool }: TestDatabase): Around {
  return async (run, request) => {
    await pool.query(`update measurement_set set label = 'k1.' || repeat('A', 60)`)
    return run(request)
  }
}
