import { type Kysely, type RawBuilder, sql } from 'kysely'

import type { DB } from '../../database/tables.generated.ts'
import { forecastOf, loosestOf, refusalsOf, topOf, totalOf, trendOf } from './usage-totals.ts'

/** What all accounts have used together; fractions where it is a forecast. */
export interface Totals {
  readonly operations: number
  readonly points: number
  readonly refusals: number
  readonly database_ms: number
  readonly bytes: number
  readonly looseness: number | null
  /** In the currency of the bill; null before one was counted. */
  readonly cost: number | null
}

export interface Named extends Totals {
  /** Username, id of a key, or name of an operation; empty where there is none. */
  readonly name: string
}

/** What the month costs; amounts in units of the currency. */
export interface BillNow {
  readonly currency: string
  readonly spent: number
  readonly forecast: number
  readonly ceiling: number | null
  /** How many are slowed down so that the ceiling holds. */
  readonly slowed: number
}

/** Who uses what, in so many days up to now. */
export interface Overview {
  readonly days: number
  readonly total: Totals
  /** Of this month. */
  readonly forecast: Totals
  /** null before it was counted. */
  readonly bill: BillNow | null
  /** Of each day, earliest first; those without any use too. */
  readonly trend: readonly Totals[]
  readonly topAccounts: readonly Named[]
  readonly topKeys: readonly Named[]
  readonly topOperations: readonly Named[]
  readonly loosest: readonly Named[]
  readonly refusals: readonly { readonly code: string; readonly refusals: number }[]
}

/** Rows of each list. */
const TOP = 5

/** Reads all of it from the sums of the ledger. */
export async function readOverview(kysely: Kysely<DB>, days: number): Promise<Overview> {
  const to = sql`(date_trunc('day', now()) + interval '1 day')`
  const from = sql`(date_trunc('day', now()) - ${sql.lit(days - 1)} * interval '1 day')`
  const period = { from, to }
  const top = { by: sql`'POINTS'`, first: TOP }
  const rows = async <Row>(query: RawBuilder<unknown>): Promise<readonly Row[]> =>
    (await sql<Row>`${query}`.execute(kysely)).rows
  const [total] = await rows<Totals>(totalOf(period))
  const [forecast] = await rows<Totals>(forecastOf())
  const [bill = null] = await rows<BillNow>(sql`
    select currency, spent, forecast, ceiling, (select count(*)::integer from quota_share) as slowed
    from bill_month order by month desc limit 1`)
  if (total === undefined || forecast === undefined) throw new Error('The ledger has no sums.')
  return {
    days,
    total,
    forecast,
    bill,
    trend: await rows<Totals>(sql`
      select coalesce(t.operations, 0) as operations, coalesce(t.points, 0) as points, coalesce(t.refusals, 0) as refusals,
        coalesce(t.database_ms, 0) as database_ms, coalesce(t.bytes, 0) as bytes, t.looseness, t.cost
      from generate_series(${from}, ${to} - interval '1 day', interval '1 day') as d (day)
      left join (${trendOf(period)}) as t on t.from_at = d.day order by d.day`),
    topAccounts: await rows<Named>(sql`
      select coalesce(a.username, '(deleted)') as name, t.* from (${topOf(period, 'account_id', top)}) as t
      left join account a on a.id = t.account_id order by t.points desc, 1`),
    topKeys: await rows<Named>(sql`
      select 'key_' || base58(t.key_id) as name, t.* from (${topOf(period, 'key_id', top)}) as t order by t.points desc, 1`),
    topOperations: await rows<Named>(sql`
      select t.operation as name, t.* from (${topOf(period, 'operation', top)}) as t order by t.points desc, 1`),
    loosest: await rows<Named>(sql`
      select t.operation as name, t.* from (${loosestOf(period, TOP)}) as t order by t.looseness desc, 1`),
    refusals: await rows(sql`
      select * from (${refusalsOf(period)}) as t order by refusals desc, code limit ${sql.lit(TOP)}`),
  }
}
