import type { Database } from '../database/connect.ts'
import { runRows } from '../database/run-statement.ts'
import type { AccountConsent, AccountRole, AccountStatus } from '../database/tables.generated.ts'
import { ROLE_CAPS } from './access.ts'
import { effectiveLevel } from './effective-level.ts'
import type { GivenIntervention } from './interventions.ts'
import { interventionsSql } from './interventions-sql.ts'
import type { GivenLimit, Principal } from './principal.ts'
import type { VerifiedToken } from './session-token/verified-token.ts'

/** What is known of a token that was verified, and of the account behind it. */
export interface SessionRecord {
  /** Milliseconds since 1970; the token is refused from then on. */
  readonly expiresAtMs: number
  readonly principal: Principal
}

/**
 * The account behind a verified token, in one statement; null where its session has ended or there is no such account.
 * @throws {ApiError} UNAVAILABLE or DB_TIME_EXCEEDED when the database can not say
 */
export async function readSession(
  database: Database,
  token: VerifiedToken,
): Promise<SessionRecord | null> {
  const [row] = await runRows(database, statementFor(token))
  if (row === undefined) return null
  const [accountId, role, status, consent, since, endsAt, limits, interventions] =
    row as unknown as SessionRow // the columns of the statements, as the database types them
  const endsAtMs = endsAt === null ? Infinity : endsAt.getTime()
  return {
    expiresAtMs: Math.min(token.expiresAtMs, endsAtMs),
    principal: Object.freeze({
      standing: Object.freeze({
        kind: 'session',
        level: effectiveLevel(ROLE_CAPS[role], { role, status, consent }),
        role,
        status,
        consent,
      }),
      accountId,
      keyId: null,
      sessionId: token.kind === 'own' ? token.sessionId : null,
      budget: Object.freeze({
        accountCreatedAtMs: since.getTime(),
        limits: Object.freeze((limits ?? []).map((limit) => Object.freeze(limit))),
      }),
      interventions: Object.freeze((interventions ?? []).map((given) => Object.freeze(given))),
    }),
  }
}

function statementFor(token: VerifiedToken) {
  if (token.kind === 'own') return { text: OWN, values: [token.sessionId, token.accountId] }
  const { account } = token
  return 'id' in account
    ? { text: BY_ID, values: [account.id] }
    : { text: BY_USERNAME, values: [account.usernameKey] }
}

const LIMITS_AND_INTERVENTIONS = `
  (select json_agg(json_build_object(
      'of', 'account',
      'partition', l.partition,
      'capacity', l.capacity,
      'restorePerSecond', l.restore_per_second,
      'validUntilMs', (extract(epoch from l.valid_until) * 1000)::bigint))
    from quota_limit l where l.account_id = a.id and l.api_key_id is null),
  ${interventionsSql('a.id', null)}`

const OWN = `
  select a.id, a.role, a.status, a.consent, a.created_at, s.expires_at, ${LIMITS_AND_INTERVENTIONS}
  from session s join account a on a.id = s.account_id
  where s.id = $1 and s.account_id = $2 and s.ended_at is null`

const ACCOUNT = `
  select a.id, a.role, a.status, a.consent, a.created_at, null::timestamptz, ${LIMITS_AND_INTERVENTIONS} from account a`
const BY_ID = `${ACCOUNT} where a.id = $1`
const BY_USERNAME = `${ACCOUNT} where a.username_key = $1`

type SessionRow = readonly [
  accountId: string,
  role: AccountRole,
  status: AccountStatus,
  consent: AccountConsent,
  since: Date,
  endsAt: Date | null,
  limits: readonly GivenLimit[] | null,
  interventions: readonly GivenIntervention[] | null,
]
