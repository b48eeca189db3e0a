import type { Database } from '../database/connect.ts'
import { runRows } from '../database/run-statement.ts'
import type {
  AccountConsent,
  AccountRole,
  AccountStatus,
  RevocationReason,
} from '../database/tables.generated.ts'
import { isAccessLevel } from './access.ts'
import { type PlaceRestriction, placeRestriction } from './keys/place-restriction.ts'
import { effectiveLevel } from './effective-level.ts'
import type { GivenIntervention } from './interventions.ts'
import { interventionsSql } from './interventions-sql.ts'
import type { GivenLimit, Principal } from './principal.ts'

/** What is known of an issued key and of the account behind it. */
export interface KeyRecord {
  /** The id as clients see it, `key_…`. */
  readonly publicId: string
  /** Milliseconds since 1970; the key is refused from then on. */
  readonly expiresAtMs: number
  readonly revocation: RevocationReason | null
  /** What keeps it from being used in some places. */
  readonly restriction: PlaceRestriction
  /** Who presents the key, as role, status, consent and limits of the account stand. */
  readonly principal: Principal
}

/**
 * The key with this digest together with its account, and both their limits and interventions, in one statement; null where there is none.
 * @throws {ApiError} UNAVAILABLE or DB_TIME_EXCEEDED when the database can not say
 */
export async function readKey(database: Database, digest: Buffer): Promise<KeyRecord | null> {
  const [row] = await runRows(database, { text: SELECT_KEY, values: [digest] })
  if (row === undefined) return null
  const [
    id,
    slug,
    accountId,
    level,
    expiresAt,
    revocation,
    role,
    status,
    consent,
    since,
    networks,
    origins,
    limits,
    interventions,
  ] = row as unknown as KeyRow // the columns of SELECT_KEY, as the database types them
  if (!isAccessLevel(level)) throw new Error(`The key ${id} has no valid level.`)
  return {
    publicId: `key_${slug}`,
    expiresAtMs: expiresAt.getTime(),
    revocation,
    restriction: placeRestriction(networks, origins),
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
      budget: Object.freeze({
        accountCreatedAtMs: since.getTime(),
        limits: Object.freeze((limits ?? []).map((limit) => Object.freeze(limit))),
      }),
      interventions: Object.freeze((interventions ?? []).map((given) => Object.freeze(given))),
    }),
  }
}

// Written out: building it anew for each key that is not in the cache would cost more than the database takes.
// Four limits of the account and four of the key are the most there can be: quota_limit is unique on its columns.
const SELECT_KEY = `
  select k.id, k.slug, k.account_id, k.level, k.expires_at, k.revocation_reason, a.role, a.status, a.consent, a.created_at, k.networks, k.origins,
    (select json_agg(json_build_object(
        'of', case when l.api_key_id is null then 'account' else 'key' end,
        'partition', l.partition,
        'capacity', l.capacity,
        'restorePerSecond', l.restore_per_second,
        'validUntilMs', (extract(epoch from l.valid_until) * 1000)::bigint))
      from quota_limit l
      where l.account_id = k.account_id and (l.api_key_id = k.id or l.api_key_id is null)),
    ${interventionsSql('k.account_id', 'k.id')}
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
  since: Date,
  networks: readonly string[],
  origins: readonly string[],
  limits: readonly GivenLimit[] | null,
  interventions: readonly GivenIntervention[] | null,
]
