import type { Database } from '../database/connect.ts'
import { runRows } from '../database/run-statement.ts'
import type {
  AccountConsent,
  AccountRole,
  AccountStatus,
  RevocationReason,
} from '../database/tables.generated.ts'
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
  const [row] = await runRows(database, { text: SELECT_KEY, values: [digest] })
  if (row === undefined) return null
  const [id, slug, accountId, level, expiresAt, revocation, role, status, consent] =
    row as unknown as KeyRow // the columns of SELECT_KEY, as the database types them
  if (!isAccessLevel(level)) throw new Error(`The key ${id} has no valid level.`)
  return {
    publicId: `key_${slug}`,
    expiresAtMs: expiresAt.getTime(),
    revocation,
    principal: Object.freeze({
      standing: Object.freeze({
        kind: 'key',
        level: effectiveLevel(level, { role, status, consent }),
        role,
        status,
        consent,
      }),
      accountId,
      keyId: id,
      sessionId: null,
    }),
  }
}

// Written out: building it anew for each key that is not in the cache would cost more than the database takes.
const SELECT_KEY = `
  select k.id, k.slug, k.account_id, k.level, k.expires_at, k.revocation_reason, a.role, a.status, a.consent
  from api_key k join account a on a.id = k.account_id
  where k.digest = $1`

type KeyRow = readonly [
  id: string,
  slug: string,
  accountId: string,
  level: number,
  expiresAt: Date,
  revocation: RevocationReason | null,
  role: AccountRole,
  status: AccountStatus,
  consent: AccountConsent,
]
