import { sql } from 'kysely'

import type { Database } from '../database/connect.ts'
import type { Debits, QuotaStore } from '../quota/store.ts'
import { DEBITED_PARTITIONS, noteForfeits } from './note-forfeits.ts'

export interface ReconcileOptions {
  readonly database: Pick<Database, 'kysely'>
  readonly store: Pick<QuotaStore, 'debits' | 'forfeits' | 'noteForfeits'>
  /** Resolves in a moment: between two looks at how far the gateways are. Rejects to give up. */
  readonly wait: (late: readonly string[]) => Promise<void>
}

/** Points, at one moment: what the budgets say was drawn, and what the ledger says of it. */
export interface Reconciliation {
  readonly debits: number
  readonly records: number
  readonly forfeits: number
  readonly corrections: number
  readonly differences: readonly Difference[]
}

/** An account for which debits = records + forfeits + corrections does not hold. */
export interface Difference {
  /** UUID; null: everybody without credentials, together. */
  readonly accountId: string | null
  readonly debits: number
  readonly records: number
  readonly forfeits: number
  readonly corrections: number
}

/**
 * Compares what was drawn on the budgets with what the ledger has, for every account, beside gateways that go on working: all
 * that was drawn and settled by one moment must be in the ledger once they have shipped what they had recorded by then.
 */
export async function reconcile({
  database,
  store,
  wait,
}: ReconcileOptions): Promise<Reconciliation> {
  const debits = await store.debits(DEBITED_PARTITIONS)
  await shippedSince(database, wait)
  await noteForfeits(database, store)
  const lines = await linesOf(database, debits)
  const drawn = new Map(lines.map((line) => [line.accountId ?? EVERYBODY, line]))
  for (const [subject, points] of debits.bySubject) {
    if (points !== 0 && !drawn.has(subject) && (await isAccount(database, subject))) {
      const nothing = { records: 0, forfeits: 0, corrections: 0 }
      drawn.set(subject, { accountId: subject === EVERYBODY ? null : subject, ...nothing })
    }
  }
  const compared = [...drawn.values()].map((line) => ({
    ...line,
    debits: debits.bySubject.get(line.accountId ?? EVERYBODY) ?? 0,
  }))
  const sum = (of: (line: Difference) => number): number =>
    compared.reduce((total, line) => total + of(line), 0)
  return {
    debits: sum((line) => line.debits),
    records: sum((line) => line.records),
    forfeits: sum((line) => line.forfeits),
    corrections: sum((line) => line.corrections),
    differences: compared.filter(
      (line) => line.debits !== line.records + line.forfeits + line.corrections,
    ),
  }
}

/** The subject of what everybody without credentials draws on. */
const EVERYBODY = 'all'

/** Resolves once every gateway has shipped what it had recorded by now. */
async function shippedSince(
  { kysely }: ReconcileOptions['database'],
  wait: ReconcileOptions['wait'],
): Promise<void> {
  const { rows } = await sql<{ now: string }>`select clock_timestamp()::text as now`.execute(kysely)
  const now = rows[0]?.now
  for (;;) {
    // oxlint-disable no-await-in-loop
    const late = await sql<{ gateway_id: string }>`
      select gateway_id from meter_gateway where ended_at is null and shipped_at < ${now}::timestamptz`.execute(
      kysely,
    )
    if (late.rows.length === 0) return
    await wait(late.rows.map(({ gateway_id: id }) => id))
    // oxlint-enable no-await-in-loop
  }
}

type Line = Omit<Difference, 'debits'>

/** What the ledger has of every account that there is, without what was drawn after the debits were read, or was open then. */
async function linesOf(
  { kysely }: ReconcileOptions['database'],
  { atUs, open, openSinceUs }: Debits,
): Promise<readonly Line[]> {
  const moment = momentOf(atUs)
  const isLate = sql`(leased_at > ${moment} or lease_id = any (${[...open]}::uuid[]))`
  const { rows } = await sql<Record<keyof Line, string | null>>`
    with line (account_id, kind, points) as (
      select account_id, 'records', debited from usage_day
      union all
      select account_id, 'records', points from usage_fresh where lease_id is not null
      union all
      select account_id, 'records', -points from usage_record
      where leased_at >= ${momentOf(openSinceUs)} and ${isLate}
      union all
      select account_id, 'records', points from ledger_brought_forward
      union all
      select account_id, 'forfeits', points - explained from ledger_entry
      where kind = 'forfeit' and leased_at <= ${moment} and id <> all (${[...open]}::uuid[])
      union all
      select account_id, 'corrections', points from ledger_entry where kind = 'correction'
    )
    select account_id as "accountId",
      coalesce(sum(points) filter (where kind = 'records'), 0)::bigint as records,
      coalesce(sum(points) filter (where kind = 'forfeits'), 0)::bigint as forfeits,
      coalesce(sum(points) filter (where kind = 'corrections'), 0)::bigint as corrections
    from line where account_id is null or exists (select from account a where a.id = line.account_id)
    group by account_id`.execute(kysely)
  return rows.map(({ accountId, records, forfeits, corrections }) => ({
    accountId,
    records: Number(records),
    forfeits: Number(forfeits),
    corrections: Number(corrections),
  }))
}

function momentOf(us: number) {
  return sql`(timestamptz 'epoch' + ${us}::float8 * interval '1 microsecond')`
}

/** Whether this is the subject of budgets of somebody who is there. */
async function isAccount(
  { kysely }: ReconcileOptions['database'],
  subject: string,
): Promise<boolean> {
  if (subject === EVERYBODY) return true
  const found = await kysely
    .selectFrom('account')
    .select('id')
    .where('id', '=', subject)
    .executeTakeFirst()
  return found !== undefined
}
