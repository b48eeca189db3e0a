import { type RawBuilder, sql } from 'kysely'

/** The place of a line in a ledger: `origin`, `segment` and `place` tell lines of the same moment apart. */
export interface LedgerPlace {
  readonly at: Date
  /** A UUID. */
  readonly origin: string
  readonly segment: number
  /** A whole number, in digits. */
  readonly place: string
}

/** In front of every line of this moment or later. */
export function beginningAt(at: Date): LedgerPlace {
  return { at, origin: '00000000-0000-0000-0000-000000000000', segment: -1, place: '-1' }
}

/** SQL for the cursor that names the place of a line. */
export function ledgerCursor(line: (name: keyof LedgerPlace) => RawBuilder<unknown>) {
  const ms = sql`(extract(epoch from ${line('at')}) * 1000)::bigint`
  const rest = sql.join([line('origin'), line('segment'), line('place')], sql` || ':' || `)
  return sql`translate(encode(convert_to('ledger:' || ${ms} || ':' || ${rest}, 'UTF8'), 'base64'), E'+/=\n', '-_')`
}

/** The place that a cursor names; null for any other text. */
export function parseLedgerCursor(cursor: string): LedgerPlace | null {
  if (!/^[\w-]{1,200}$/.test(cursor)) return null
  const found = PLACE.exec(Buffer.from(cursor, 'base64url').toString('utf8'))
  const [, ms = '', origin = '', segment = '', place = ''] = found ?? []
  return found === null
    ? null
    : { at: new Date(Number(ms)), origin, segment: Number(segment), place }
}

/** Nothing that its column could not hold. */
const PLACE = /^ledger:(\d{1,14}):([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}):(\d{1,9}):(\d{1,18})$/
