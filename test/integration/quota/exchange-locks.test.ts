import { randomUUID } from 'node:crypto'

import { expect, test, vi } from 'vitest'

import { createPostgresStore } from '../../../src/quota/postgres-store.ts'
import type { Claim, QuotaStore } from '../../../src/quota/store.ts'
import { bucket, exactly, granted, remaining } from '../../support/quota-under-test.ts'
import { type TestDatabase, testDatabase } from '../../support/test-database.ts'

const LOCK = 'select from quota_budget where partition = $1 and subject = $2 for update'
const MAKE = 'insert into quota_budget (partition, subject) values ($1, $2)'

/** A gateway, and two budgets of which the one is locked before the other. */
async function gatewayAlone() {
  // Patient: nothing but a circle ends a wait.
  const database = await testDatabase({ applicationName: 'maat-background' })
  const store = createPostgresStore(database)
  /** Sends something; what is asked next leaves as one batch. */
  const occupy = () => store.reserve([bucket(10)], exactly(1))
  return { database, store, first: named('a'), behind: named('b'), occupy }
}

function named(name: string): Claim {
  return { ...bucket(100), subject: name + randomUUID() }
}

type Alone = Awaited<ReturnType<typeof gatewayAlone>>

/** Whoever waits for a lock keeps nobody from this budget. */
async function expectFree(database: TestDatabase, claim: Claim): Promise<void> {
  await whoWaits(database)
  const other = await hold(database, `${LOCK} nowait`, claim)
  await other.end()
}

test.each([
  [
    'in one reservation, whatever their order',
    async ({ store, first, behind }: Alone) => store.reserve([behind, first], exactly(1)),
  ],
  [
    'in several reservations, whatever their order',
    async ({ store, first, behind }: Alone) =>
      Promise.all([store.reserve([behind], exactly(1)), store.reserve([first], exactly(1))]),
  ],
  [
    'in a reservation and a settlement',
    async ({ store, behind }: Alone, id: string) =>
      Promise.all([store.reserve([behind], exactly(1)), store.settle(id, 0)]),
  ],
] as const)('a batch that waits for a budget holds none behind it: %s', async (_, ask) => {
  const alone = await gatewayAlone()
  const { database, store, first, behind, occupy } = alone
  const { id } = await granted(store.reserve([first], exactly(1)))
  await granted(store.reserve([behind], exactly(1)))
  const holder = await hold(database, LOCK, first)
  const asked = Promise.all([occupy(), ask(alone, id)])
  await expectFree(database, behind)
  await holder.end()
  await asked
  expect(await remaining(store, behind)).toEqual([98])
})

test('a batch that waits for somebody who makes a budget holds none behind it', async () => {
  const { database, store, first, behind } = await gatewayAlone()
  await granted(store.reserve([behind], exactly(1)))
  const holder = await hold(database, MAKE, first)
  const asked = store.reserve([behind, first], exactly(1))
  await expectFree(database, behind)
  await holder.end()
  await asked
  expect(await remaining(store, first, behind)).toEqual([99, 98])
})

test('a connection that is lost fails its whole batch as UNAVAILABLE, and the next one works', async () => {
  const { database, store, first, behind, occupy } = await gatewayAlone()
  const { id } = await granted(store.reserve([behind], exactly(30)))
  await granted(store.reserve([first], exactly(1)))
  const holder = await hold(database, LOCK, first)
  const asked = Promise.allSettled([
    occupy(),
    store.reserve([behind], exactly(1)),
    store.reserve([first], exactly(1)),
    store.settle(id, 10),
  ])
  await database.pool.query('select pg_terminate_backend($1)', [await whoWaits(database)])
  const [before, ...lost] = await asked
  expect(before).toMatchObject({ status: 'fulfilled' })
  for (const outcome of lost) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'UNAVAILABLE' } })
  }
  await holder.end()
  await store.settle(id, 10)
  await granted(store.reserve([first], exactly(1)))
  expect(await remaining(store, first, behind)).toEqual([98, 90])
})

test('batches of several gateways never wait for each other in a circle', async () => {
  const { database, store } = await gatewayAlone()
  const gateways = [store, createPostgresStore(database), createPostgresStore(database)]
  // None of these is there yet.
  const rounds = Array.from({ length: ROUNDS }, () =>
    Array.from({ length: BUDGETS }, () => bucket(1e6)),
  )
  const drawn = gateways.flatMap((gateway, place) =>
    Array.from({ length: BUDGETS }, (_, first) =>
      drawOn(gateway, rounds, (n) => (place % 2 === 0 ? first + n : first - n)),
    ),
  )
  await Promise.all(drawn)
  const left = await remaining(store, ...rounds.flat())
  expect(new Set(left)).toEqual(new Set([1e6 - 3 * gateways.length]))
})

const ROUNDS = 40
const BUDGETS = 9

/** Takes from three budgets of one round after the other, and gives back to them: at other times than everybody else. */
async function drawOn(
  gateway: QuotaStore,
  rounds: readonly (readonly Claim[])[],
  placeOf: (n: number) => number,
): Promise<void> {
  for (const claims of rounds) {
    const three = [0, 3, 7].flatMap((n) => claims.at(placeOf(n) % BUDGETS) ?? [])
    // oxlint-disable-next-line no-await-in-loop -- one round after the other
    const { id } = await granted(gateway.reserve(three, exactly(5)))
    // oxlint-disable-next-line no-await-in-loop
    await gateway.settle(id, 1)
  }
}

/** The process id of the one session that waits for a lock, once there is one. */
async function whoWaits({ pool }: TestDatabase): Promise<number> {
  const text = `select pid from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`
  return vi.waitFor(
    async () => {
      const { rows } = await pool.query<{ pid: number }>(text)
      expect(rows).toHaveLength(1)
      return rows[0]?.pid ?? 0
    },
    { timeout: 10_000, interval: 20 },
  )
}

/** Runs a statement about a budget, and keeps what that locks until its end. */
async function hold({ pool }: TestDatabase, text: string, { partition, subject }: Claim) {
  const client = await pool.connect()
  await client.query('begin')
  await client.query(text, [partition, subject])
  return {
    async end() {
      await client.query('rollback')
      client.release()
    },
  }
}
