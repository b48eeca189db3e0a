import { type RawBuilder, sql } from 'kysely'

import type { ComputedSource, Link, ListSource, Rows } from '../plan/source.ts'

/** Lines of the ledger that an account may see: its own. */
export const usageRows: Rows = {
  table: 'usage_hour',
  prefix: null,
  owner: null,
  visibleTo: () => null,
}

/** Most rows of a report. */
export const ROWS_MAX = 366

/** Whose operations a report is about, as SQL for uuids. */
export interface Subject {
  readonly account: (link: Omit<Link, 'row'>) => RawBuilder<unknown>
  /** null: of all keys, and of sessions too. */
  readonly key: ((link: Omit<Link, 'row'>) => RawBuilder<unknown>) | null
}

/** What a report is about: the row that its totals and rows are read beside. Hours are the smallest that is kept apart. */
export function reportOf(subject: Subject): ComputedSource['query'] {
  return (link) => {
    const { bind } = link
    const to = sql`coalesce(${bind(({ to: value }) => value ?? null)}::timestamptz, now())`
    const from = sql`coalesce(${bind(({ from: value }) => value ?? null)}::timestamptz, ${to} - interval '30 days')`
    return sql`select ${subject.account(link)}::uuid as account_id, ${subject.key?.(link) ?? sql`null`}::uuid as key_id,
      date_trunc('hour', ${from}) as from_at, date_trunc('hour', ${to} + interval '1 hour' - interval '1 microsecond') as to_at,
      ${bind(({ by }) => String(by).toLowerCase())}::text as step, ${bind(({ groupBy }) => groupBy)}::text as grouped`
  }
}

/** The rows of a report: of more than there may be, those with the most points. */
export const reportRows: Pick<ListSource, 'query' | 'order' | 'atMost'> = {
  atMost: ROWS_MAX,
  order: (row) =>
    sql`${sql.ref(`${row}.from_at`)}, ${sql.ref(`${row}.points`)} desc, ${sql.ref(`${row}.key_id`)}, ${sql.ref(`${row}.operation`)}`,
  query: ({ parent }) => {
    const report = columnsOf(parent)
    return sql`
      select greatest(u.step_at, ${report('from_at')}) as from_at,
        least(u.step_at + ('1 ' || ${report('step')})::interval, ${report('to_at')}) as to_at, u.*
      from (
        select date_trunc(${report('step')}, at) as step_at,
          case when ${report('grouped')} = 'KEY' then key_id end as key_id,
          case when ${report('grouped')} = 'OPERATION' then operation end as operation, ${SUMS}
        from (${linesOf(report)}) as l group by 1, 2, 3
        order by points desc, 1, 2, 3 limit ${sql.lit(ROWS_MAX)}
      ) as u`
  },
}

/** All of a report, as one row. */
export const reportTotal: ComputedSource['query'] = ({ parent }) => {
  const report = columnsOf(parent)
  return sql`
    select ${report('from_at')} as from_at, ${report('to_at')} as to_at, null::uuid as key_id, null::text as operation, ${SUMS}
    from (${linesOf(report)}) as l`
}

type ReportColumn = 'account_id' | 'key_id' | 'from_at' | 'to_at' | 'step' | 'grouped'

function columnsOf(alias: string) {
  return (name: ReportColumn) => sql.ref(`${alias}.${name}`)
}

/** Numbers that GraphQL's Int holds. */
function whole(sum: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`least(coalesce(${sum}, 0), 2147483647)::int`
}

const SUMS = sql.join([
  sql`${whole(sql`sum(operations)`)} as operations`,
  sql`${whole(sql`sum(points)`)} as points`,
  sql`${whole(sql`sum(refusals)`)} as refusals`,
  sql`coalesce(sum(database_us), 0)::float8 / 1000 as database_ms`,
  sql`coalesce(sum(bytes), 0)::float8 as bytes`,
])

/** What the ledger has of it: hours that are rolled up, records that are not yet, and points that were lost or corrected. */
function linesOf(report: ReturnType<typeof columnsOf>): RawBuilder<unknown> {
  const isMine = sql`account_id = ${report('account_id')} and (${report('key_id')} is null or key_id = ${report('key_id')})`
  const isWithin = (at: string) =>
    sql`${sql.ref(at)} >= ${report('from_at')} and ${sql.ref(at)} < ${report('to_at')}`
  return sql`
    select hour as at, key_id, operation, operations, points, refusals, database_us, bytes
    from usage_hour where ${isMine} and ${isWithin('hour')}
    union all
    select recorded_at, key_id, operation, operations, points, case when outcome = 'OK' then 0 else operations end, database_us, bytes
    from usage_fresh where ${isMine} and ${isWithin('recorded_at')}
    union all
    select created_at, null, '', 0, points - explained, 0, 0, 0
    from ledger_entry where account_id = ${report('account_id')} and ${report('key_id')} is null and ${isWithin('created_at')}`
}
