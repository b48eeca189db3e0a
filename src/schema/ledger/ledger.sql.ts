import { type RawBuilder, sql } from 'kysely'

import type { Problem } from '../../errors.ts'
import type { ArgumentValues, ComputedSource, ListSource, Rows } from '../plan/source.ts'
import { backwards } from '../usage/backwards.ts'
import { beginningAt, ledgerCursor, type LedgerPlace, parseLedgerCursor } from './ledger-cursor.ts'

/** Most lines that are had at once. */
export const LINES_MAX = 10_000

/** Longest time that is asked about at once. */
export const LEDGER_DAYS_MAX = 31

/** Lines of the reader's own account. */
export const ledgerRows: Rows = {
  table: 'usage_record',
  prefix: null,
  owner: null,
  visibleTo: () => null,
}

/** Whose lines, of what time, and the place that they come after. */
export const ledgerOf: Pick<ComputedSource, 'query' | 'problems'> = {
  query: ({ reader, bind }) => {
    const after = (name: keyof LedgerPlace) => bind((values) => placeIn(values)[name])
    return sql`select ${reader.me} as account_id, ${after('at')}::timestamptz as from_at, ${bind(({ to }) => to)}::timestamptz as to_at,
      ${after('origin')}::uuid as origin, ${after('segment')}::int as segment, ${after('place')}::bigint as place`
  },
  problems: (values) => [...backwards(values), ...tooLong(values), ...foreignCursor(values)],
}

/** What the ledger has of it: operations, and points that were lost or corrected. */
export const ledgerLines: Pick<ListSource, 'query' | 'order' | 'atMost'> = {
  atMost: LINES_MAX,
  order: (row) => placeOf((name) => sql.ref(`${row}.${name}`)),
  query: ({ parent }) => {
    const of = (name: string) => sql.ref(`${parent}.${name}`)
    return sql`
      select l.*, coalesce(k.slug, base58(l.key_id)) as key_slug,
        case when row_number() over in_order = ${sql.lit(LINES_MAX)} and lead(l.at) over in_order is not null
          then ${ledgerCursor(LINE)} end as next
      from (
        (${operationsIn(of)}) union all (${entriesIn(of)})
        order by ${PLACE} limit ${sql.lit(LINES_MAX + 1)}
      ) as l left join api_key as k on k.id = l.key_id
      window in_order as (order by ${placeOf(LINE)})`
  },
}

type Column = (name: string) => RawBuilder<unknown>

function operationsIn(of: Column): RawBuilder<unknown> {
  const place = ['recorded_at', 'gateway_id', 'segment', 'place'].map((name) => sql.ref(name))
  return sql`
    select recorded_at as at, gateway_id as origin, segment, place, 'operation' as kind, key_id, operation, estimated, points,
      rows, database_us, bytes, duration_us, outcome, request_id, operations
    from usage_record where ${behind(of, place)}
    order by ${PLACE} limit ${sql.lit(LINES_MAX + 1)}`
}

/** A forfeit that records explain as a whole took nothing. */
function entriesIn(of: Column): RawBuilder<unknown> {
  const place = [sql.ref('created_at'), sql.ref('id'), sql`0`, sql`0::bigint`]
  return sql`
    select created_at as at, id as origin, 0 as segment, 0::bigint as place, kind::text, null::uuid as key_id,
      null::text as operation, 0 as estimated, greatest(-2147483648, least(points - explained, 2147483647))::int as points,
      0 as rows, 0 as database_us, 0 as bytes, 0 as duration_us, null::text as outcome, null::text as request_id, 0 as operations
    from ledger_entry where ${behind(of, place)} and points <> explained
    order by ${PLACE} limit ${sql.lit(LINES_MAX + 1)}`
}

/** Lines of the account in its time, behind the place. The moment alone is what an index finds. */
function behind(of: Column, place: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  const [at] = place
  const from = sql.join(['from_at', 'origin', 'segment', 'place'].map(of))
  return sql`account_id = ${of('account_id')} and ${at} >= ${of('from_at')} and ${at} < ${of('to_at')}
      and (${sql.join(place)}) > (${from})`
}

const PLACE = placeOf((name) => sql.ref(name))
const LINE: Column = (name) => sql.ref(`l.${name}`)

function placeOf(column: Column): RawBuilder<unknown> {
  return sql.join(['at', 'origin', 'segment', 'place'].map(column))
}

function placeIn(values: ArgumentValues): LedgerPlace {
  return cursorIn(values) ?? beginningAt(momentIn(values, 'from'))
}

function cursorIn({ after }: ArgumentValues): LedgerPlace | null {
  return typeof after === 'string' ? parseLedgerCursor(after) : null
}

function momentIn(values: ArgumentValues, name: 'from' | 'to'): Date {
  const moment = values[name]
  if (moment instanceof Date) return moment
  throw new Error(`${name} is no moment.`)
}

function tooLong(values: ArgumentValues): readonly Problem[] {
  const days = (momentIn(values, 'to').getTime() - momentIn(values, 'from').getTime()) / 86_400_000
  if (days <= LEDGER_DAYS_MAX) return []
  const message = `to is ${Math.ceil(days)} days after from; ${LEDGER_DAYS_MAX} are accepted at most.`
  return [{ code: 'INPUT_INVALID', path: '', argument: 'to', message }]
}

function foreignCursor(values: ArgumentValues): readonly Problem[] {
  if (values['after'] === undefined || values['after'] === null) return []
  const at = cursorIn(values)?.at
  if (at !== undefined && at >= momentIn(values, 'from') && at < momentIn(values, 'to')) return []
  const message = 'after is no cursor of the ledger between from and to.'
  return [{ code: 'CURSOR_INVALID', path: '', argument: 'after', message }]
}
