import { sql } from 'kysely'

import type { Database } from '../database/connect.ts'
import type { PlacedRecord, SegmentPart } from './segment-reader.ts'

export interface PartOf extends SegmentPart {
  /** UUID of the gateway that wrote it. */
  readonly gateway: string
  readonly segment: number
  readonly start: number
}

/** Has the ledger take this part of a segment in, once, if it is the next one; answers how far the segment is there. */
export async function shipPart(
  { pool, kysely }: Pick<Database, 'pool' | 'kysely'>,
  { gateway, segment, start, end, records }: PartOf,
): Promise<number> {
  await makeMonths(kysely, records)
  const column = <Value>(value: (record: PlacedRecord) => Value): Value[] => records.map(value)
  const answer = await pool.query<{ shipped: string }>(SHIP, [
    gateway,
    segment,
    start,
    end,
    column(({ place }) => place),
    column(({ atMs }) => atMs),
    column(({ requestId }) => requestId),
    column(({ lease }) => lease?.id ?? null),
    column(({ lease }) => lease?.takenAtUs ?? null),
    column(({ accountId }) => accountId),
    column(({ keyId }) => keyId),
    column(({ operation }) => operation),
    column(({ document }) => (document === null ? null : toBase64(document))),
    column(({ estimated }) => estimated),
    column(({ points }) => points),
    column(({ rows }) => rows),
    column(({ databaseUs }) => databaseUs),
    column(({ bytes }) => bytes),
    column(({ durationUs }) => durationUs),
    column(({ outcome }) => outcome),
    column(({ operations }) => operations),
  ])
  return Number(answer.rows[0]?.shipped)
}

const SHIP = `select usage_ship(${Array.from({ length: 21 }, (_, i) => `$${i + 1}`).join(', ')}) as shipped`

/** The partitions that these records go into, and their roll-ups. */
async function makeMonths(
  kysely: Database['kysely'],
  records: readonly PlacedRecord[],
): Promise<void> {
  const months = new Set(records.map(({ atMs }) => new Date(atMs).toISOString().slice(0, 7)))
  const days = [...months].map((month) => `${month}-01T00:00:00Z`)
  await sql`
    select ledger_month(parent, month)
    from unnest(${TABLES}::text[]) as p (parent) cross join unnest(${days}::timestamptz[]) as m (month)`.execute(
    kysely,
  )
}

const TABLES = ['usage_record', 'usage_hour', 'usage_day', 'usage_apart', 'usage_refusal']

/** PostgreSQL reads no other. */
function toBase64(base64url: string): string {
  return Buffer.from(base64url, 'base64url').toString('base64')
}
