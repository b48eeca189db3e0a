import { describe, expect, test, vi } from 'vitest'

import { createAuthenticator } from '../../src/auth/authenticate.ts'
import { followKeyChanges } from '../../src/auth/follow-key-changes.ts'
import { issueKey } from '../../src/auth/issue-key.ts'
import { connectDatabase } from '../../src/database/connect.ts'
import { ApiError } from '../../src/errors.ts'
import { insertAccount } from '../support/account.ts'
import { testDatabase } from '../support/test-database.ts'
import { whenDone } from '../support/when-done.ts'
import { testVault } from '../support/test-vault.ts'

const database = await testDatabase()
const vault = testVault()
const NOW = new Date('2026-02-01T12:00:00Z')
const clock = () => NOW
/** Milliseconds: whoever hears nothing asks anew after five seconds. What is heard takes some of them, or a stall of the machine. */
const WELL_BEFORE_FORGETTING = 3_000

describe('another gateway that knows a key hears of it, and asks anew', () => {
  test.each([
    ['is revoked', `update api_key set revoked_at = now(), revocation_reason = 'leak'`, 'LEAK'],
    ['expires', `update api_key set expires_at = '2026-01-31'`, 'KEY_EXPIRED'],
    ['is deleted', 'delete from api_key', 'UNAUTHENTICATED'],
    ['goes with its account', 'delete from account', 'UNAUTHENTICATED'],
    ['loses its role', `update account set role = 'user'`, 'level 4'],
    ['is blocked', `update account set status = 'disabled'`, 'level 0'],
    ['withdraws consent', `update account set consent = 'none'`, 'level 0'],
  ])('when it, or its owner, %s', async (_case, change, seen) => {
    const { secret, where } = await ownKey()
    const { standing } = await listeningGateway()
    expect(await standing(secret)).toBe('level 8')
    await database.pool.query(`${change} ${where(change)}`)
    await within(WELL_BEFORE_FORGETTING, async () => expect(await standing(secret)).toBe(seen))
  })
})

test('nobody is told of what changes no key', async () => {
  const { accountId, id } = await ownKey()
  const told: string[] = []
  whenDone(
    database.listen({
      channel: 'maat_key_changes',
      onNotice: (notice) => void told.push(notice),
      onGap: () => void told.push('gap'),
    }),
  )
  await within(5_000, () => expect(told).toEqual(['gap']))
  await database.pool.query(`update api_key set last_used_at = now(), label = 'x' where id = $1`, [
    id,
  ])
  await database.pool.query('update account set patron = true where id = $1', [accountId])
  await database.pool.query('select pg_notify($1, $2)', ['maat_key_changes', 'last'])
  await within(5_000, () => expect(told).toContain('last'))
  expect(told).toEqual(['gap', 'last'])
})

describe('a listening connection that is lost', () => {
  test('takes everything that is known with it', async () => {
    const { secret, where } = await ownKey()
    const { standing } = await listeningGateway()
    expect(await standing(secret)).toBe('level 8')
    const change = `update account set status = 'disabled'`
    // As a change that is told to nobody.
    await database.pool.query(
      `begin; set local session_replication_role = replica; ${change} ${where(change)}; commit`,
    )
    expect(await standing(secret)).toBe('level 8')
    await cutListeners()
    await within(WELL_BEFORE_FORGETTING, async () => expect(await standing(secret)).toBe('level 0'))
  })

  test('is made again', async () => {
    const { secret, where } = await ownKey()
    const { standing } = await listeningGateway()
    await cutListeners()
    await within(5_000, async () => expect(await listeners()).toBeGreaterThan(0))
    expect(await standing(secret)).toBe('level 8')
    const change = `update account set status = 'disabled'`
    await database.pool.query(`${change} ${where(change)}`)
    await within(WELL_BEFORE_FORGETTING, async () => expect(await standing(secret)).toBe('level 0'))
  })

  test('leaves what is known to its 5 seconds where it can not be made', async () => {
    const { secret, where } = await ownKey()
    let now = NOW
    // Behind PgBouncer nobody can listen.
    const own = connectDatabase({
      url: database.url,
      applicationName: 'maat',
      preparedStatements: false,
    })
    whenDone(own.close)
    const authenticator = createAuthenticator({ database: own, vault, clock: () => now })
    whenDone(followKeyChanges(own, authenticator))
    const level = async () =>
      (await authenticator.authenticate({ authorization: `Bearer ${secret}` })).standing.level
    expect(await level()).toBe(8)
    const change = `update account set status = 'disabled'`
    await database.pool.query(`${change} ${where(change)}`)
    now = new Date(NOW.getTime() + 4_999)
    expect(await level()).toBe(8)
    now = new Date(NOW.getTime() + 5_000)
    expect(await level()).toBe(0)
  })
})

test('listening ends when it is asked to, whether the database is there or not', async () => {
  const away = connectDatabase({
    url: 'postgres://app@localhost/maat?host=/nowhere',
    applicationName: 'maat',
  })
  for (const { listen } of [database, away]) {
    const onGap = vi.fn<() => void>()
    const unsubscribe = listen({ channel: 'nothing', onNotice: () => {}, onGap })
    await unsubscribe()
    const before = onGap.mock.calls.length
    await database.pool.query('select 1')
    expect(onGap).toHaveBeenCalledTimes(before)
  }
})

/** A key of level 8 of a new admin. */
async function ownKey() {
  const accountId = await insertAccount(database, vault, { role: 'admin' })
  const { id, secret } = await issueKey(
    { database, vault, clock },
    { accountId, level: 8, name: 'test', expiresAt: new Date('2026-03-01') },
  )
  const where = (change: string) =>
    change.includes('api_key') ? `where id = '${id}'` : `where id = '${accountId}'`
  return { accountId, id, secret, where }
}

/** What of a gateway knows keys, with a pool of its own and a clock that stands: nothing grows old. */
async function listeningGateway() {
  const own = connectDatabase({ url: database.url, applicationName: 'maat' })
  whenDone(own.close)
  const authenticator = createAuthenticator({ database: own, vault, clock })
  const before = await listeners()
  whenDone(followKeyChanges(own, authenticator))
  await within(5_000, async () => expect(await listeners()).toBe(before + 1))
  return {
    /** The level that the key has there, or why it is refused. */
    standing: async (secret: string): Promise<string> => {
      try {
        const { standing } = await authenticator.authenticate({ authorization: `Bearer ${secret}` })
        return `level ${standing.level}`
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        const { reason } = error.extensions
        return typeof reason === 'string' ? reason : error.code
      }
    },
  }
}

async function listeners(): Promise<number> {
  const { rows } = await database.pool.query(
    `select from pg_stat_activity where datname = current_database() and query like 'listen%' and state = 'idle'`,
  )
  return rows.length
}

async function cutListeners(): Promise<void> {
  await database.pool.query(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and query like 'listen%'`,
  )
}

function within(timeout: number, condition: () => unknown): Promise<unknown> {
  return vi.waitFor(condition, { timeout, interval: 10 })
}
