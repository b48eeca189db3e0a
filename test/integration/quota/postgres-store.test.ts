import { randomUUID } from 'node:crypto'

import { expect, test } from 'vitest'

import { createPostgresStore } from '../../../src/quota/postgres-store.ts'
import { postgresBudgets } from '../../support/postgres-budgets.ts'
import { quotaContract } from '../../support/quota-contract.ts'
import { bucket, DAY_MS, exactly, granted } from '../../support/quota-under-test.ts'
import { testDatabase } from '../../support/test-database.ts'

// Patient: sixty-four at once on a busy machine are no outage.
const database = await testDatabase({ applicationName: 'maat-background' })
const postgres = postgresBudgets(database)
const { store } = postgres

quotaContract(postgres)

test('budgets of client addresses are dropped after two days without use, those of accounts never', async () => {
  const claims = [
    { ...bucket(200), partition: 'anonymous-burst' },
    { ...bucket(200), partition: 'anonymous-day' },
    bucket(200),
  ] as const
  await granted(store.reserve(claims, exactly(5)))
  const gateway = randomUUID()
  await store.tend(gateway)
  await postgres.pass(2 * DAY_MS)
  await granted(store.reserve([claims[0]], exactly(5)))
  await store.tend(gateway)
  const { rows } = await database.pool.query('select partition from quota_budget order by 1')
  expect(rows.map((row) => row.partition)).toEqual(['anonymous-burst', 'burst'])
})

test('a gateway looks at the budgets of client addresses bit by bit, and begins anew at their end', async () => {
  const gateway = randomUUID()
  await database.pool.query(
    `insert into quota_budget (partition, subject) select 'anonymous-day', to_char(n, 'FM000') from generate_series(1, 201) as n`,
  )
  const sweptTo = async () => {
    await store.tend(gateway)
    return (await database.pool.query('select swept_subject from gateway')).rows[0]?.swept_subject
  }
  expect([await sweptTo(), await sweptTo(), await sweptTo()]).toEqual(['200', '', '200'])
})

test('without its database every call is UNAVAILABLE', async () => {
  const away = await testDatabase()
  const ownStore = createPostgresStore(away)
  await away.close()
  const calls = [
    ownStore.reserve([bucket(10)], exactly(1)),
    ownStore.settle(randomUUID(), 1),
    ownStore.levels([bucket(10)]),
    ownStore.tend(randomUUID()),
    ownStore.leave(randomUUID()),
  ]
  for (const call of await Promise.allSettled(calls)) {
    expect(call).toMatchObject({ status: 'rejected', reason: { code: 'UNAVAILABLE' } })
  }
})

test('a budget whose row is locked for too long is UNAVAILABLE', async () => {
  const impatient = await testDatabase()
  const ownStore = createPostgresStore(impatient)
  const own = bucket(10)
  await granted(ownStore.reserve([own], exactly(1)))
  const other = await impatient.pool.connect()
  await other.query('begin')
  await other.query('select from quota_budget for update')
  await expect(ownStore.reserve([own], exactly(1))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  await other.query('rollback')
  other.release()
})
