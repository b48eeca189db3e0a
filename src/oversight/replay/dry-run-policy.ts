import { type Kysely, sql } from 'kysely'
import type { DB } from '../../database/tables.generated.ts'
import { formatId } from '../../ids.ts'
import { MEASURE_SQL } from '../policies/measure-sql.ts'
import { type OversightPolicy, WINDOW_HOURS } from '../policies/oversight-policy.ts'
import { HOUR_MS } from '../policies/policy-window.ts'
import { type Hits, replayPolicy, type Span } from './replay-policy.ts'
import { accountBatches } from './account-batches.ts'

/** An account that a policy would have hit: its id, as clients see it. */
export interface HitAccount extends Hits {
  readonly account: string
}

export interface PolicyReport {
  /** Accounts with use within the time that was looked at. */
  readonly accounts: number
  /** Those that would have been hit: longest first. */
  readonly hit: readonly HitAccount[]
}

/** How much is replayed, in days. */
export const REPLAYED_DAYS = 30

/** The whole hours of the last month. */
export function lastMonth(now: Date): Span {
  const toMs = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS
  return { fromMs: toMs - REPLAYED_DAYS * 24 * HOUR_MS, toMs }
}

/** Whom a policy would have hit within a span, by the roll-ups; nothing changes. */
export async function dryRunPolicy(
  kysely: Kysely<DB>,
  policy: OversightPolicy,
  span: Span,
): Promise<PolicyReport> {
  const hit: HitAccount[] = []
  let accounts = 0
  const from = new Date(span.fromMs - WINDOW_HOURS[policy.over] * HOUR_MS)
  for await (const ids of accountBatches(kysely, { policed: true })) {
    const used = await hoursOf(kysely, policy, { ids, from })
    accounts += used.size
    for (const [id, hours] of used) {
      const hits = replayPolicy(policy, hours, span)
      if (hits !== null) hit.push({ account: formatId('acc', id), ...hits })
    }
  }
  return { accounts, hit: hit.toSorted((a, b) => b.hours - a.hours) }
}

interface Asked {
  readonly ids: readonly string[]
  readonly from: Date
}

/** Account -> hour -> what it used. */
async function hoursOf(
  kysely: Kysely<DB>,
  { measure }: OversightPolicy,
  { ids, from }: Asked,
): Promise<ReadonlyMap<string, ReadonlyMap<number, number>>> {
  const { ofHour } = MEASURE_SQL[measure]
  const { rows } = await sql<{ account_id: string; hour: Date; value: number }>`
    select account_id, hour, sum(${ofHour})::float8 as value from usage_hour
    where account_id = any (${ids}::uuid[]) and hour >= ${from} group by 1, 2`.execute(kysely)
  const used = new Map<string, Map<number, number>>()
  for (const { account_id: id, hour, value } of rows) {
    const hours = used.get(id) ?? new Map<number, number>()
    hours.set(hour.getTime(), value)
    used.set(id, hours)
  }
  return used
}
