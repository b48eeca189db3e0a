import type { Kysely } from 'kysely'
import { ANONYMOUS_PRINCIPAL } from '../../auth/principal.ts'
import type { DB } from '../../database/tables.generated.ts'
import { claimsOf } from '../../quota/claims.ts'
import { linesOf } from './ledger-lines.ts'
import { type Proposal, priced } from './proposal.ts'
import { createLimitReplay, isShared, type Refuser } from './replay-limits.ts'
import type { Span } from './replay-policy.ts'

/** What would come of budgets that everybody shares. */
export interface SharedReport {
  /** Operations that they would have refused. */
  readonly refused: number
  /** null: none. */
  readonly first: Date | null
  readonly by: Readonly<Partial<Record<Refuser, number>>>
}

/**
 * What the budgets that everybody shares would have refused within a span, had nothing else refused anything, by the records
 * of operations that ran. Nothing changes.
 */
export async function dryRunShared(
  kysely: Kysely<DB>,
  proposal: Proposal,
  span: Span,
): Promise<SharedReport> {
  const nobody = { principal: ANONYMOUS_PRINCIPAL, address: '' }
  const ofNobody = claimsOf(nobody, proposal.policies, new Date(span.toMs)).claims.filter(isShared)
  const ofAccounts = ofNobody.filter(({ partition }) => partition !== 'service-anonymous')
  const replay = createLimitReplay()
  const by: Partial<Record<Refuser, number>> = {}
  let [refused, first]: [number, Date | null] = [0, null]
  for await (const line of linesOf(kysely, null, span)) {
    const claims = line.account_id === null ? ofNobody : ofAccounts
    const refuser = replay.run({ claims, ceiling: Infinity }, priced(line, proposal))
    if (refuser === null) continue
    refused += 1
    first ??= line.recorded_at
    by[refuser] = (by[refuser] ?? 0) + 1
  }
  return { refused, first, by }
}
