import { type Kysely, sql } from 'kysely'
import { isAccessLevel, ROLE_CAPS } from '../../auth/access.ts'
import { effectiveLevel } from '../../auth/effective-level.ts'
import type { GivenLimit, Principal } from '../../auth/principal.ts'
import type {
  AccountConsent,
  AccountRole,
  AccountStatus,
  DB,
} from '../../database/tables.generated.ts'
import { formatId } from '../../ids.ts'
import { claimsOf } from '../../quota/claims.ts'
import { accountBatches } from './account-batches.ts'
import { dryRunShared, type SharedReport } from './dry-run-shared.ts'
import { linesOf } from './ledger-lines.ts'
import { type Proposal, priced } from './proposal.ts'
import { createLimitReplay, isShared, type Refuser } from './replay-limits.ts'
import type { Span } from './replay-policy.ts'

/** What would come of the operations of one key, or of the sessions of one account. */
export interface BrokenCaller {
  /** Ids as clients see them; null: its sessions, and keys that are gone. */
  readonly account: string
  readonly key: string | null
  /** Operations that ran. */
  readonly operations: number
  /** Those among them that would have been refused. */
  readonly refused: number
  readonly first: Date
  readonly by: Readonly<Partial<Record<Refuser, number>>>
}

export interface LimitsReport {
  readonly operations: number
  /** Those among them whose documents are not known: they are taken at the prices that they had. */
  readonly unknown: number
  /** Those who would have met a refusal: the most refused first. */
  readonly broken: readonly BrokenCaller[]
  readonly shared: SharedReport
}

/**
 * Which keys would have met refusals of their own within a span under other budgets, and what everybody would have met
 * together, by the records of operations that ran. Levels, roles and limits are those of now. Nothing changes.
 */
export async function dryRunLimits(
  kysely: Kysely<DB>,
  proposal: Proposal,
  span: Span,
): Promise<LimitsReport> {
  const broken: BrokenCaller[] = []
  let [operations, unknown] = [0, 0]
  for await (const ids of accountBatches(kysely, { policed: false })) {
    for (const { id, principals } of await readAccounts(kysely, ids)) {
      const replayed = await replayAccount(kysely, proposal, { id, principals, span })
      const { callers } = replayed
      unknown += replayed.unknown
      for (const caller of callers) operations += caller.operations
      broken.push(...callers.filter(({ refused }) => refused > 0))
    }
  }
  const shared = await dryRunShared(kysely, proposal, span)
  return { operations, unknown, broken: broken.toSorted((a, b) => b.refused - a.refused), shared }
}

interface ReplayedAccount {
  readonly id: string
  /** By key; under '' for sessions. */
  readonly principals: ReadonlyMap<string, Principal>
}

async function replayAccount(
  kysely: Kysely<DB>,
  proposal: Proposal,
  { id, principals, span }: ReplayedAccount & { readonly span: Span },
): Promise<{ readonly callers: readonly BrokenCaller[]; readonly unknown: number }> {
  const { policies, prices } = proposal
  let unknown = 0
  const replay = createLimitReplay()
  const callers = new Map<string, BrokenCaller>()
  for await (const line of linesOf(kysely, id, span)) {
    const caller = principals.has(line.key_id ?? '') ? (line.key_id ?? '') : ''
    const principal = principals.get(caller)
    if (principal === undefined) throw new Error('An account has no sessions.')
    const { recorded_at: at, paid } = line
    if (prices !== null && paid === null) unknown += 1
    const { claims, ceiling } = claimsOf({ principal, address: '' }, policies, at)
    const own = claims.filter((claim) => !isShared(claim))
    const refuser = replay.run({ claims: own, ceiling }, priced(line, proposal))
    const known = callers.get(caller) ?? {
      account: formatId('acc', id),
      key: caller === '' ? null : formatId('key', caller),
      operations: 0,
      refused: 0,
      first: at,
      by: {},
    }
    callers.set(caller, counted(known, refuser, at))
  }
  return { callers: [...callers.values()], unknown }
}

function counted(known: BrokenCaller, refuser: Refuser | null, at: Date): BrokenCaller {
  const { operations, refused, first, by } = known
  if (refuser === null) return { ...known, operations: operations + 1 }
  return {
    ...known,
    operations: operations + 1,
    refused: refused + 1,
    first: refused === 0 ? at : first,
    by: { ...by, [refuser]: (by[refuser] ?? 0) + 1 },
  }
}

interface AccountRow {
  readonly id: string
  readonly role: AccountRole
  readonly status: AccountStatus
  readonly consent: AccountConsent
  readonly since: Date
  readonly keys: readonly { readonly id: string; readonly level: number }[] | null
  readonly limits: readonly (GivenLimit & { readonly key: string | null })[] | null
}

async function readAccounts(
  kysely: Kysely<DB>,
  ids: readonly string[],
): Promise<readonly ReplayedAccount[]> {
  const { rows } = await sql<AccountRow>`
    select a.id, a.role, a.status, a.consent, a.created_at as since,
      (select json_agg(json_build_object('id', k.id, 'level', k.level)) from api_key k where k.account_id = a.id) as keys,
      (select json_agg(json_build_object(
          'key', l.api_key_id,
          'of', case when l.api_key_id is null then 'account' else 'key' end,
          'partition', l.partition,
          'capacity', l.capacity,
          'restorePerSecond', l.restore_per_second,
          'validUntilMs', (extract(epoch from l.valid_until) * 1000)::bigint))
        from quota_limit l where l.account_id = a.id) as limits
    from account a where a.id = any (${ids}::uuid[]) order by a.id`.execute(kysely)
  return rows.map((row) => ({
    id: row.id,
    principals: new Map([
      ['', principalOf(row, null)],
      ...(row.keys ?? []).map((key) => [key.id, principalOf(row, key)] as const),
    ]),
  }))
}

type Key = NonNullable<AccountRow['keys']>[number]

function principalOf(row: AccountRow, key: Key | null): Principal {
  const { id, role, status, consent, since, limits } = row
  const level = key?.level ?? ROLE_CAPS[role]
  if (!isAccessLevel(level)) throw new Error(`The key ${key?.id} has no valid level.`)
  return {
    standing: {
      kind: key === null ? 'session' : 'key',
      level: effectiveLevel(level, { role, status, consent }),
      role,
      status,
      consent,
    },
    accountId: id,
    keyId: key?.id ?? null,
    sessionId: null,
    budget: {
      accountCreatedAtMs: since.getTime(),
      limits: (limits ?? []).filter((limit) => limit.key === null || limit.key === key?.id),
    },
    interventions: [],
  }
}
