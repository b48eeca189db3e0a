import { type Kysely, sql } from 'kysely'
import type { AccessLevel } from '../../auth/access.ts'
import { blockOf } from '../../auth/account-state.ts'
import { effectiveLevel } from '../../auth/effective-level.ts'
import { type GivenIntervention, stepInForce } from '../../auth/interventions.ts'
import { interventionsSql } from '../../auth/interventions-sql.ts'
import type { GivenLimit, Principal } from '../../auth/principal.ts'
import type {
  AccountConsent,
  AccountRole,
  AccountStatus,
  DB,
} from '../../database/tables.generated.ts'
import type { ClaimedExport, Failure } from './export-row.ts'

/** Whoever asked for an export, as account and credential stand at this moment; or why they may not go on. */
export type Present =
  | { readonly kind: 'present'; readonly principal: Principal }
  | { readonly kind: 'gone'; readonly failure: Failure }

/** What is asked of the key or session: never more than it held when it asked for the export. */
export type Asking = Pick<ClaimedExport, 'accountId' | 'credential'>

export async function presentPrincipal(
  kysely: Kysely<DB>,
  { accountId, credential }: Asking,
  now: Date,
): Promise<Present> {
  const { rows } = await sql<AccountRow>`
    select a.role, a.status, a.consent, a.created_at as since, ${livesSql(credential, now)} as lives,
      (select json_agg(json_build_object(
          'of', case when l.api_key_id is null then 'account' else 'key' end,
          'partition', l.partition,
          'capacity', l.capacity,
          'restorePerSecond', l.restore_per_second,
          'validUntilMs', (extract(epoch from l.valid_until) * 1000)::bigint))
        from quota_limit l where l.account_id = a.id
          and (l.api_key_id is null or l.api_key_id = ${credential.id}::uuid)) as limits,
      ${sql.raw(interventionsSql('a.id', 'k.id'))} as interventions
    from account a left join api_key k on k.id = ${credential.id}::uuid where a.id = ${accountId}`.execute(
    kysely,
  )
  const [row] = rows
  // With the account the export itself has gone.
  if (row === undefined) return { kind: 'gone', failure: 'account_blocked' }
  const block = blockOf(row)
  if (block !== null) {
    const failure = block === 'ACCOUNT_BLOCKED' ? 'account_blocked' : 'consent_required'
    return { kind: 'gone', failure }
  }
  if (stepInForce(row.interventions ?? [], 'suspension', now.getTime()) !== null) {
    return { kind: 'gone', failure: 'account_blocked' }
  }
  if (!row.lives) return { kind: 'gone', failure: 'credential_ended' }
  return { kind: 'present', principal: principalOf(accountId, credential, row) }
}

interface AccountRow {
  readonly role: AccountRole
  readonly status: AccountStatus
  readonly consent: AccountConsent
  readonly since: Date
  readonly lives: boolean
  readonly limits: readonly GivenLimit[] | null
  readonly interventions: readonly GivenIntervention[] | null
}

function livesSql({ kind, id }: Asking['credential'], now: Date) {
  // Whoever signs in elsewhere has no session here that could end.
  if (id === null) return sql`true`
  return kind === 'key'
    ? sql`exists (select from api_key k where k.id = ${id} and k.revocation_reason is null and k.expires_at > ${now})`
    : sql`exists (select from session s where s.id = ${id} and s.ended_at is null and s.expires_at > ${now})`
}

function principalOf(
  accountId: string,
  { kind, id, level }: Asking['credential'] & { readonly level: AccessLevel },
  { role, status, consent, since, limits, interventions }: AccountRow,
): Principal {
  return {
    standing: {
      kind,
      level: effectiveLevel(level, { role, status, consent }),
      role,
      status,
      consent,
    },
    accountId,
    keyId: kind === 'key' ? id : null,
    sessionId: kind === 'session' ? id : null,
    budget: { accountCreatedAtMs: since.getTime(), limits: limits ?? [] },
    interventions: interventions ?? [],
  }
}
