import { type RawBuilder, sql } from 'kysely'

/** A time in whole days (UTC), as SQL for two moments. */
export interface Period {
  readonly from: RawBuilder<unknown>
  /** The first moment that is not in it. */
  readonly to: RawBuilder<unknown>
}

/** What totals can be told apart by: the account of an operation, its key, or its name. */
export type Apart = 'account_id' | 'key_id' | 'operation'

/** What the roll-ups call them. */
const KINDS = { account_id: 'account', key_id: 'key', operation: 'operation' } as const

/** What everybody has used, told apart by one thing or by nothing: days that are rolled up, and records that are not yet. */
function linesOf({ from, to }: Period, apart: Apart | null): RawBuilder<unknown> {
  return sql`
    select day as at, account_id, key_id, operation, operations, points, refusals, estimated, database_us, bytes
    from usage_apart where kind = ${sql.lit(apart === null ? 'all' : KINDS[apart])} and day >= ${from} and day < ${to}
    union all
    select recorded_at, account_id, key_id, operation, operations, points, case when outcome = 'OK' then 0 else operations end,
      case when outcome = 'OK' then estimated else 0 end, database_us, bytes
    from usage_fresh where recorded_at >= ${from} and recorded_at < ${to}`
}

/** The columns of a total. */
const SUMS = sql.join([
  sql`coalesce(sum(operations), 0)::float8 as operations`,
  sql`coalesce(sum(points), 0)::float8 as points`,
  sql`coalesce(sum(refusals), 0)::float8 as refusals`,
  sql`coalesce(sum(database_us), 0)::float8 / 1000 as database_ms`,
  sql`coalesce(sum(bytes), 0)::float8 as bytes`,
  sql`(sum(estimated)::float8 / nullif(sum(points), 0)) as looseness`,
  sql`(
    select coalesce(b.per_operation * sum(l.operations)::float8 + b.per_point * sum(l.points)::float8
      + b.per_database_us * sum(l.database_us)::float8 + b.per_byte * sum(l.bytes)::float8, 0)
    from bill_month b order by b.month desc limit 1
  ) as cost`,
])

/** SQL: everything in a time, as one row. */
export function totalOf(period: Period): RawBuilder<unknown> {
  return sql`select ${SUMS} from (${linesOf(period, null)}) as l`
}

/** SQL: whoever has used most; of keys and accounts, those that are one. */
export function topOf(
  period: Period,
  apart: Apart,
  { by, first }: { readonly by: RawBuilder<unknown>; readonly first: number },
): RawBuilder<unknown> {
  const column = sql.ref(apart)
  const named = apart === 'operation' ? sql`` : sql`where ${column} is not null`
  return sql`
    select ${column}, ${SUMS},
      case ${by} when 'POINTS' then sum(points) when 'DATABASE' then sum(database_us) when 'BYTES' then sum(bytes) else sum(refusals) end as measure
    from (${linesOf(period, apart)}) as l ${named} group by 1
    order by measure desc nulls last, 1 limit ${sql.lit(first)}`
}

/** SQL: each day of a time in which anything was used. */
export function trendOf(period: Period): RawBuilder<unknown> {
  return sql`
    select date_trunc('day', at) as from_at, date_trunc('day', at) + interval '1 day' as to_at, ${SUMS}
    from (${linesOf(period, null)}) as l group by 1`
}

/** SQL: operations whose prices say most beyond what they cost, of those that ran often enough to tell. */
export function loosestOf(period: Period, first: number): RawBuilder<unknown> {
  return sql`
    select operation, ${SUMS}, sum(estimated)::float8 / nullif(sum(points), 0) as measure
    from (${linesOf(period, 'operation')}) as l group by 1
    having sum(operations) - sum(refusals) >= ${sql.lit(OFTEN)} and sum(points) > 0
    order by measure desc, 1 limit ${sql.lit(first)}`
}

/** Operations of a name from which on its looseness tells something. */
export const OFTEN = 20

/** SQL: refusals by code. */
export function refusalsOf({ from, to }: Period): RawBuilder<unknown> {
  return sql`
    select outcome as code, sum(refusals)::float8 as refusals from (
      select outcome, refusals from usage_refusal where day >= ${from} and day < ${to}
      union all
      select outcome, operations from usage_fresh where outcome <> 'OK' and recorded_at >= ${from} and recorded_at < ${to}
    ) as l group by 1`
}

/**
 * SQL: what this month (UTC) will have come to, as one row: what it came to so far, and for each day that is left the mean of the
 * last seven whole days.
 */
export function forecastOf(): RawBuilder<unknown> {
  const month = sql`date_trunc('month', now())`
  const today = sql`date_trunc('day', now())`
  const end = sql`(${month} + interval '1 month')`
  const soFar = { from: month, to: end }
  const lately = { from: sql`${today} - interval '7 days'`, to: today }
  const column = (name: string): RawBuilder<unknown> =>
    sql`f.${sql.ref(name)} + w.${sql.ref(name)} / 7 * extract(epoch from ${end} - now())::float8 / 86400 as ${sql.ref(name)}`
  return sql`
    select ${month} as from_at, ${end} as to_at, null::float8 as looseness,
      ${sql.join(['operations', 'points', 'refusals', 'database_ms', 'bytes', 'cost'].map(column))}
    from (${totalOf(soFar)}) as f cross join (${totalOf(lately)}) as w`
}
