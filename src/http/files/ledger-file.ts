import type { Acts } from '../../auth/act.ts'
import { csvLine } from '../../csv.ts'
import { apiError } from '../../errors.ts'
import type { Answer } from '../../gateway/answer.ts'
import { parseMoment } from '../../moment.ts'
import { LEDGER_DAYS_MAX } from '../../schema/ledger/ledger.sql.ts'
import { operationHandler, type OperationRouteOptions } from '../operation.ts'
import type { Handler, Routes } from '../router.ts'
import { MEDIA_TYPES } from './file-kinds.ts'

const PATH = '/ledger.csv'

export interface LedgerFileOptions extends OperationRouteOptions {
  readonly acts: Pick<Acts, 'clock' | 'publicUrl'>
}

/**
 * The caller's own ledger as CSV, a line for each of its lines. It is read, priced and refused as its operation; where there
 * are more lines than one answer holds, `Link` names the next one.
 */
export function ledgerFileRoutes(options: LedgerFileOptions): Routes {
  const { clock, publicUrl } = options.acts
  const handler: Handler = (exchange) => {
    let period: Period | null = null
    let data: string | null = null
    return operationHandler(options, {
      method: 'GET',
      answer: options.gateway.answer,
      // Whatever the client accepts: the path says what there is.
      mediaType: () => 'application/json',
      read: ({ request: { url = '' } }) => (url.includes('?') ? url.slice(url.indexOf('?')) : ''),
      parse(text) {
        const { cursor, ...time } = askedFor(text, clock())
        period = time
        return {
          parameters: {
            query: DOCUMENT,
            variables: { ...time, after: cursor },
            operationName: null,
            extensions: null,
          },
          isKnown(answered) {
            data = answered
            return false
          },
        }
      },
      send(_, answered) {
        if (period === null || data === null || answered.code !== undefined) {
          exchange.send(answered)
        } else exchange.send(fileAnswer(answered, { data, period, publicUrl }))
      },
    })(exchange)
  }
  return { [PATH]: { GET: handler, HEAD: handler } }
}

const DOCUMENT = `query LedgerFile($from: DateTime!, $to: DateTime!, $after: String) {
  ledger(from: $from, to: $to, after: $after) { lines {
    time keyId operation estimated points rows databaseMs bytes durationMs outcome requestId operations kind next } } }`

const COLUMNS =
  'time,key,operation,estimated,points,rows,databaseMs,bytes,durationMs,outcome,requestId,operations,kind'

/** From a moment up to another, which is not in it any more: as RFC 3339 has them, in UTC. */
interface Period {
  readonly from: string
  readonly to: string
}

const DAY_MS = 86_400_000
const DAYS_DEFAULT = 30
const PARAMETERS: readonly string[] = ['from', 'to', 'cursor']

/** @throws {ApiError} BAD_REQUEST, with what was found and what is accepted */
function askedFor(text: string, now: Date): Period & { readonly cursor: string | null } {
  const given = new URLSearchParams(text)
  for (const name of given.keys()) {
    if (!PARAMETERS.includes(name)) {
      refuse(`${quoted(name)} is no parameter; from, to and cursor are accepted.`)
    }
  }
  const to = momentIn(given, 'to') ?? now
  const from = momentIn(given, 'from') ?? new Date(to.getTime() - DAYS_DEFAULT * DAY_MS)
  const period = { from: from.toISOString(), to: to.toISOString() }
  for (const moment of Object.values(period)) {
    if (!/^\d{4}-/.test(moment))
      refuse(`${moment} is in no year from 0000 to 9999, which are accepted.`)
  }
  const days = (to.getTime() - from.getTime()) / DAY_MS
  const between = `from ${period.from} to ${period.to}`
  if (days <= 0) refuse(`Nothing lies ${between}; to after from is accepted.`)
  if (days > LEDGER_DAYS_MAX) {
    refuse(`There are ${Math.ceil(days)} days ${between}; ${LEDGER_DAYS_MAX} are accepted at most.`)
  }
  return { ...period, cursor: given.get('cursor') }
}

/** null where it is not given. */
function momentIn(given: URLSearchParams, name: 'from' | 'to'): Date | null {
  const text = given.get(name)
  if (text === null) return null
  // A plus sign that was not escaped has become a space.
  const written = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text.replace(' ', '+')
  return (
    parseMoment(written) ??
    refuse(`${name} is ${quoted(text)}; 2026-01-31 or 2026-01-31T12:00:00Z are accepted.`)
  )
}

function refuse(message: string): never {
  throw apiError('BAD_REQUEST', { message })
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text)
}

interface LedgerFile {
  /** The JSON text of what the operation has answered. */
  readonly data: string
  readonly period: Period
  readonly publicUrl: string
}

interface Line {
  readonly time: string
  readonly keyId: string | null
  readonly operation: string | null
  readonly estimated: number
  readonly points: number
  readonly rows: number
  readonly databaseMs: number
  readonly bytes: number
  readonly durationMs: number
  readonly outcome: string | null
  readonly requestId: string | null
  readonly operations: number
  readonly kind: string
  readonly next: string | null
}

function fileAnswer(answered: Answer, { data, period, publicUrl }: LedgerFile): Answer {
  // Written by our own pipeline for our own document.
  const { ledger } = JSON.parse(data) as { readonly ledger: { readonly lines: readonly Line[] } }
  const { lines } = ledger
  const cursor = lines.at(-1)?.next ?? null
  const headers = {
    ...answered.headers,
    'Content-Type': MEDIA_TYPES.csv,
    'Content-Disposition': 'attachment; filename="ledger.csv"',
    'Cache-Control': 'no-store',
    ...(cursor === null ? {} : { Link: linkTo(publicUrl, { ...period, cursor }) }),
  }
  return { status: 200, headers, body: `${COLUMNS}\r\n${lines.map(printed).join('')}` }
}

/** @see https://www.rfc-editor.org/rfc/rfc8288#section-3 */
function linkTo(publicUrl: string, parameters: Period & { readonly cursor: string }): string {
  return `<${publicUrl}${PATH}?${new URLSearchParams({ ...parameters }).toString()}>; rel="next"`
}

/** In the order of the columns. */
function printed(line: Line): string {
  const { keyId, operation, estimated, points, rows, databaseMs, bytes, durationMs } = line
  const { outcome, requestId, operations, kind } = line
  const time = new Date(line.time).toISOString()
  const cost = [estimated, points, rows, databaseMs, bytes, durationMs]
  return csvLine([
    time,
    keyId,
    operation,
    ...cost,
    outcome,
    requestId,
    operations,
    kind.toLowerCase(),
  ])
}
