import { type Kysely, sql } from 'kysely'
import type { DB } from '../../database/tables.generated.ts'
import type { PriceList } from './price-change.ts'
import type { Span } from './replay-policy.ts'

/** An operation that ran, as the ledger has it. */
export interface Line {
  readonly recorded_at: Date
  readonly gateway_id: string
  readonly segment: number
  readonly place: string
  /** null: without credentials. */
  readonly account_id: string | null
  readonly key_id: string | null
  readonly estimated: number
  readonly points: number
  /** What its document pays for; null: that is not known. */
  readonly paid: PriceList | null
}

/** Records that are read at a time. */
const LINES = 10_000

/** Operations that ran within a span, of an account or, null, of everybody, in the order of time. */
export async function* linesOf(
  kysely: Kysely<DB>,
  accountId: string | null,
  span: Span,
): AsyncGenerator<Line> {
  let after: Line | null = null
  while (true) {
    // oxlint-disable-next-line no-await-in-loop -- each part begins behind the one before
    const lines = await readLines(kysely, { accountId, after, span })
    yield* lines
    after = lines.at(-1) ?? null
    if (lines.length < LINES) return
  }
}

interface Part {
  readonly accountId: string | null
  /** null: from the beginning. */
  readonly after: Line | null
  readonly span: Span
}

async function readLines(
  kysely: Kysely<DB>,
  { accountId, after, span: { fromMs, toMs } }: Part,
): Promise<readonly Line[]> {
  const behind =
    after === null
      ? sql`recorded_at >= ${new Date(fromMs)}`
      : sql`recorded_at >= ${after.recorded_at} and (recorded_at, gateway_id, segment, place)
          > (${after.recorded_at}, ${after.gateway_id}::uuid, ${after.segment}::int, ${after.place}::bigint)`
  const whose = accountId === null ? sql`true` : sql`account_id = ${accountId}`
  const { rows } = await sql<Line>`
    select recorded_at, gateway_id, segment, place, account_id, key_id, estimated, points, d.paid
    from usage_record left join usage_document d using (document)
    where ${whose} and outcome = 'OK' and recorded_at < ${new Date(toMs)} and ${behind}
    order by recorded_at, gateway_id, segment, place limit ${LINES}`.execute(kysely)
  return rows
}
