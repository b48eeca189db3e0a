import type { Database } from '../database/connect.ts'
import { refusalOf } from '../database/outage.ts'
import type { RevocationReason } from '../database/tables.generated.ts'
import { isAccessLevel } from './access.ts'
import { effectiveLevel } from './effective-level.ts'
import type { Principal } from './principal.ts'

/** What is known of an issued key and of the account behind it. */
export interface KeyRecord {
  /** The id as clients see it, `key_…`. */
  readonly publicId: string
  /** Milliseconds since 1970; the key is refused from then on. */
  readonly expiresAtMs: number
  readonly revocation: RevocationReason | null
  /** Who presents the key, as role, status and consent of the account stand. */
  readonly principal: Principal
}

/**
 * The key with this digest together with its account, in one statement; null where there is none.
 * @throws {ApiError} UNAVAILABLE or DB_TIME_EXCEEDED when the database can not say
 */
export async function readKey(database: Database, digest: Buffer): Promise<KeyRecord | null> {
  const row = await selectKey(database, digest).catch((error: unknown) => {
    throw refusalOf(error) ?? error
  })
  if (row === undefined) return null
  if (!isAccessLevel(row.level)) throw new Error(`The key ${row.id} has no valid level.`)
  const { role, status, consent } = row
  return {
    publicId: `key_${row.slug}`,
    expiresAtMs: row.expires_at.getTime(),
    revocation: row.revocation_reason,
    principal: Object.freeze({
      standing: Object.freeze({
        kind: 'key',
        level: effectiveLevel(row.level, { role, status, consent }),
        role,
        status,
        consent,
      }),
      accountId: row.account_id,
      keyId: row.id,
      sessionId: null,
    }),
  }
}

function selectKey({ kysely }: Database, digest: Buffer) {
  return kysely
    .selectFrom('api_key')
    .innerJoin('account', 'account.id', 'api_key.account_id')
    .select([
      'api_key.id',
      'api_key.slug',
      'api_key.account_id',
      'api_key.level',
      'api_key.expires_at',
      'api_key.revocation_reason',
      'account.role',
      'account.status',
      'account.consent',
    ])
    .where('api_key.digest', '=', digest)
    .executeTakeFirst()
}
