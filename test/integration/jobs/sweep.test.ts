import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { v7 } from 'uuid'
import { describe, expect, test } from 'vitest'

import { sweep } from '../../../src/auth/sweep.ts'
import { deleteInBatches } from '../../../src/database/delete-in-batches.ts'
import { insertAccount } from '../../support/account.ts'
import { testDatabase, type TestDatabase } from '../../support/test-database.ts'
import { testVault } from '../../support/test-vault.ts'

const NOW = new Date('2100-03-01T12:00:00.000Z')
const DAY_MS = 86_400_000
/** Of a day. */
const MINUTE = 1 / 1_440

describe('the sweep drops', () => {
  test.each([
    ['audit', 'created_at', 90],
    ['one_time_link', 'expires_at', 1],
    ['one_time_link', 'used_at', 1],
    ['session', 'expires_at', 30],
    ['session', 'ended_at', 30],
    ['session_refresh', 'used_at', 31],
    ['idempotent_act', 'created_at', 1],
  ] as const)(
    'a row of %s whose %s lies %i days back, and none before',
    async (table, at, days) => {
      const { database, owner } = await community()
      const young = ago(days - MINUTE)
      const old = ago(days + MINUTE)
      const kept = await insertRow(database, table, owner, { [at]: young })
      await insertRow(database, table, owner, { [at]: old })
      await sweep({ database, clock: () => NOW })
      expect(await idsOf(database, table)).toEqual([kept])
    },
  )

  test('an account whose address was not confirmed within seven days', async () => {
    const { database, vault, owner } = await community()
    const unconfirmed = { status: 'inactive', consent: 'none' } as const
    const account = (days: number, over: object = {}): Promise<string> =>
      insertAccount(database, vault, { ...unconfirmed, created_at: ago(days), ...over })
    await account(7 + MINUTE)
    const kept = [
      owner,
      await account(7 - MINUTE),
      await account(100, { status: 'active' }),
      await account(100, { status: 'restricted' }),
      await account(100, { status: 'disabled' }),
      await account(100, { consent: 'account' }),
    ]
    await sweep({ database, clock: () => NOW })
    expect(new Set(await idsOf(database, 'account'))).toEqual(new Set(kept))
  })
})

describe('what is deleted in batches', () => {
  test('goes to the last row, and nothing else goes', async () => {
    const { database, owner } = await community()
    await database.pool.query(
      `insert into audit (id, account_id, actor_kind, action, created_at)
       select gen_random_uuid(), $1, 'gateway', case when n = 0 then 'keep' else 'drop' end, $2
       from generate_series(0, 2500) as s (n)`,
      [owner, NOW],
    )
    expect(await deleteInBatches(database.kysely, 'audit', sql`action = 'drop'`)).toBe(2_500)
    expect(await idsOf(database, 'audit')).toHaveLength(1)
  })

  test('leaves a row that somebody holds to the next time, and does not wait for it', async () => {
    const { database, owner } = await community()
    const held = await insertRow(database, 'audit', owner, { created_at: NOW })
    await insertRow(database, 'audit', owner, { created_at: NOW })
    await database.kysely.transaction().execute(async (trx) => {
      await trx.selectFrom('audit').select('id').where('id', '=', held).forUpdate().execute()
      expect(await deleteInBatches(database.kysely, 'audit', sql`true`)).toBe(1)
    })
    expect(await deleteInBatches(database.kysely, 'audit', sql`true`)).toBe(1)
  })
})

type Table =
  | 'account'
  | 'audit'
  | 'one_time_link'
  | 'session'
  | 'session_refresh'
  | 'idempotent_act'

async function community() {
  const database = await testDatabase()
  const vault = testVault()
  return { database, vault, owner: await insertAccount(database, vault) }
}

function ago(days: number): Date {
  return new Date(NOW.getTime() - days * DAY_MS)
}

/** A row of the account that nothing is old of, except for what is given. Returns what tells it apart. */
async function insertRow(
  { kysely }: TestDatabase,
  table: Exclude<Table, 'account'>,
  owner: string,
  over: object,
): Promise<string> {
  const id = v7()
  const digest = randomBytes(32)
  const later = new Date(NOW.getTime() + DAY_MS)
  const own = { id, account_id: owner, label: '', created_at: NOW }
  const session = { ...own, method: 'password', expires_at: later, last_used_at: NOW } as const
  switch (table) {
    case 'audit':
      await kysely
        .insertInto('audit')
        .values({
          id,
          account_id: owner,
          actor_kind: 'gateway',
          action: 'test',
          created_at: NOW,
          ...over,
        })
        .execute()
      return id
    case 'one_time_link':
      await kysely
        .insertInto('one_time_link')
        .values({ ...own, purpose: 'sign_in', digest, expires_at: later, ...over })
        .execute()
      return id
    case 'session': {
      const end = 'ended_at' in over ? { end_reason: 'signed_out' as const } : {}
      await kysely
        .insertInto('session')
        .values({ ...session, ...end, ...over })
        .execute()
      return id
    }
    case 'session_refresh':
      await kysely.insertInto('session').values(session).execute()
      await kysely
        .insertInto('session_refresh')
        .values({ digest, session_id: id, created_at: NOW, ...over })
        .execute()
      return digest.toString('hex')
    case 'idempotent_act':
      await kysely
        .insertInto('idempotent_act')
        .values({ ...own, key_digest: digest, request_digest: digest, ...over })
        .execute()
      return id
  }
}

async function idsOf({ pool }: TestDatabase, table: Table): Promise<readonly string[]> {
  const column = table === 'session_refresh' ? `encode(digest, 'hex')` : 'id'
  const { rows } = await pool.query<{ id: string }>(`select ${column} as id from ${table}`)
  return rows.map(({ id }) => id)
}
