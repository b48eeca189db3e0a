import { sql } from 'kysely'
import { expect, test } from 'vitest'

import { createAuthenticator } from '../../src/auth/authenticate.ts'
import { followKeyChanges } from '../../src/auth/follow-key-changes.ts'
import { issueKey } from '../../src/auth/issue-key.ts'
import { createKeyRing } from '../../src/vault/key-ring.ts'
import { createVault } from '../../src/vault/vault.ts'
import { insertAccount } from '../support/account.ts'
import { testDatabase } from '../support/test-database.ts'

const database = await testDatabase()
const { kysely } = database
const vault = createVault(createKeyRing())
const NOW = new Date('2026-02-01T12:00:00Z')
const clock = () => NOW

interface Limit {
  readonly account: string
  readonly key?: string
  readonly partition: 'burst' | 'day'
  readonly capacity: number
  readonly restorePerSecond?: number
  readonly validUntil?: Date
}

async function limit({ account, key, partition, capacity, ...rest }: Limit) {
  const { restorePerSecond = null, validUntil = null } = rest
  await sql`
    insert into quota_limit (account_id, api_key_id, partition, capacity, restore_per_second, valid_until)
    values (${account}, ${key ?? null}, ${partition}, ${capacity}, ${restorePerSecond}, ${validUntil})
  `.execute(kysely)
}

async function accountWithKeys(createdAt = NOW) {
  const account = await insertAccount(database, vault, { created_at: createdAt })
  const key = { accountId: account, level: 2, name: 'test', expiresAt: new Date('2026-03-01') }
  const issue = () => issueKey({ database, vault, clock }, key)
  return { account, key: await issue(), other: await issue() }
}

const authenticator = createAuthenticator({ database, vault, clock })

async function budgetOf(secret: string) {
  authenticator.clear()
  return (await authenticator.authenticate({ authorization: `Bearer ${secret}` })).budget
}

test('a principal knows the age of its account, and has no limits of its own where nobody set one', async () => {
  const { key } = await accountWithKeys(new Date('2026-01-31T08:00:00.123Z'))
  expect(await budgetOf(key.secret)).toEqual({
    accountCreatedAtMs: Date.parse('2026-01-31T08:00:00.123Z'),
    limits: [],
  })
})

test('a limit of the account reaches all of its keys', async () => {
  const { account, key, other } = await accountWithKeys()
  await limit({ account, partition: 'day', capacity: 500_000, validUntil: new Date('2026-04-01') })
  const limits = [
    {
      of: 'account',
      partition: 'day',
      capacity: 500_000,
      restorePerSecond: null,
      validUntilMs: Date.parse('2026-04-01'),
    },
  ]
  expect(await budgetOf(key.secret)).toMatchObject({ limits })
  expect(await budgetOf(other.secret)).toMatchObject({ limits })
})

test('a limit of a key reaches that key alone', async () => {
  const { account, key, other } = await accountWithKeys()
  await limit({ account, key: key.id, partition: 'burst', capacity: 50, restorePerSecond: 0.5 })
  expect((await budgetOf(key.secret)).limits).toEqual([
    { of: 'key', partition: 'burst', capacity: 50, restorePerSecond: 0.5, validUntilMs: null },
  ])
  expect((await budgetOf(other.secret)).limits).toEqual([])
})

test('limits of other accounts stay with them', async () => {
  const { account, key } = await accountWithKeys()
  await limit({ account, key: key.id, partition: 'day', capacity: 10 })
  await limit({ account, partition: 'day', capacity: 20 })
  expect((await budgetOf((await accountWithKeys()).key.secret)).limits).toEqual([])
  expect((await budgetOf(key.secret)).limits).toHaveLength(2)
})

test('nobody changes the budget that a principal carries', async () => {
  const { account, key } = await accountWithKeys()
  await limit({ account, partition: 'day', capacity: 20 })
  const budget = await budgetOf(key.secret)
  expect([budget, budget.limits, budget.limits[0]].map((part) => Object.isFrozen(part))).toEqual([
    true,
    true,
    true,
  ])
})

test('a limit that is set or lifted applies to the next operation', async () => {
  const { account, key } = await accountWithKeys()
  const { authenticate, forget, clear } = createAuthenticator({ database, vault, clock })
  const headers = { authorization: `Bearer ${key.secret}` }
  const unfollow = followKeyChanges(database, { forget, clear })
  expect(await authenticate(headers)).toMatchObject({ budget: { limits: [] } })
  await limit({ account, partition: 'day', capacity: 20 })
  const limits = async () => (await authenticate(headers)).budget.limits
  await expect.poll(limits).toMatchObject([{ capacity: 20 }])
  await sql`delete from quota_limit where account_id = ${account}`.execute(kysely)
  await expect.poll(limits).toEqual([])
  await unfollow()
})

test.each(['Infinity', 'NaN', '1e-12', '0'])(
  'no limit is set that fills at %s points a second',
  async (rate) => {
    const { account } = await accountWithKeys()
    const set = sql`
    insert into quota_limit (account_id, partition, capacity, restore_per_second)
    values (${account}, 'burst', 100, ${rate}::float8)`
    await expect(set.execute(kysely)).rejects.toThrow('quota_limit_restore_per_second_check')
  },
)
