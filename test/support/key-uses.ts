import { v7 } from 'uuid'

import type { UsageRecord } from '../../src/metering/usage-record.ts'
import type { TestGateway } from './gateway.ts'
import { usageRecord } from './usage-records.ts'

/** A key, by the UUIDs of it and of its account, and its text. */
export interface UsedKey {
  readonly accountId: string
  readonly keyId: string
  readonly secret: string
}

/** A new key, of a new account where none is given. */
export async function usedKey(gateway: TestGateway, owner?: string): Promise<UsedKey> {
  const accountId = owner ?? (await gateway.account())
  const secret = await gateway.issueKey({ accountId })
  const { id: keyId } = await gateway.database.kysely
    .selectFrom('api_key')
    .select('id')
    .where('account_id', '=', accountId)
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  return { accountId, keyId, secret }
}

/** Operations of this key, or of sessions of its account, that drew on no budget. */
export function useOf(
  { accountId, keyId }: { readonly accountId: string; readonly keyId: string | null },
  over: Partial<UsageRecord> = {},
): UsageRecord {
  return usageRecord({ accountId, keyId, requestId: `r-${v7()}`, ...over })
}

/** What the database has of a key's use, beside its account's. */
export async function usesOf(
  { database }: Pick<TestGateway, 'database'>,
  { keyId }: Pick<UsedKey, 'keyId'>,
) {
  const { rows } = await database.pool.query(
    `select calls::int, last_used_at, key_calls::int, session_calls::int, last_seen_at
     from api_key k join account a on a.id = account_id where k.id = $1`,
    [keyId],
  )
  return rows[0]
}
