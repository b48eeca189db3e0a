import type { LeaseName } from '../quota/quota.ts'

/** What is written down of an operation before it is answered. */
export interface UsageRecord {
  /** Milliseconds since 1970, by the gateway's clock. */
  readonly atMs: number
  readonly requestId: string
  /** What it was paid from; null where nothing of the budgets' store was drawn on. */
  readonly lease: LeaseName | null
  /** UUIDs; null without credentials, and without a key. */
  readonly accountId: string | null
  readonly keyId: string | null
  /** The name that its document gives it; empty where there is none, or it never got that far. */
  readonly operation: string
  /**
   * SHA-256 of its document, in base64url; null where none was read, or where it stands for several that differ. Whatever has
   * one counts as a use of its key, or of its account's sessions.
   */
  readonly document: string | null
  /** Points that it could cost at most; null where it was refused before it had a price. */
  readonly estimated: number | null
  /** Points that it cost. */
  readonly points: number
  /** Objects that its statements answered. */
  readonly rows: number
  /** Time between sending its statements and having their rows, in microseconds. */
  readonly databaseUs: number
  /** Of the body of the answer. */
  readonly bytes: number
  readonly durationUs: number
  /** OK, or the code of the refusal. */
  readonly outcome: string
  /** How many alike this stands for. */
  readonly operations: number
}

/** The record as one line of a segment: a JSON list and a line feed, ASCII alone. */
export function printRecord(record: UsageRecord): string {
  const { lease, operation, requestId, estimated } = record
  const most = estimated === null ? 'null' : whole(estimated)
  const cost = `${most},${whole(record.points)},${whole(record.rows)},${whole(record.databaseUs)},${whole(record.bytes)},${whole(record.durationUs)}`
  const who = `${quote(record.accountId)},${quote(record.keyId)},"${operation}",${quote(record.document)}`
  const paid = lease === null ? 'null,null' : `"${lease.id}",${lease.takenAtUs}`
  // None of its texts holds what JSON would have to escape: ids, names of GraphQL, codes.
  return `[${record.atMs},"${requestId}",${paid},${who},${cost},"${record.outcome}",${record.operations}]\n`
}

/** null for what is no line of a segment. */
export function parseRecord(line: string): UsageRecord | null {
  const fields = listOf(line)
  if (fields?.length !== FIELDS) return null
  const [atMs, requestId, leaseId, takenAtUs, accountId, keyId, operation, document] = fields
  const [estimated, points, rows, databaseUs, bytes, durationUs, outcome, operations] =
    fields.slice(8)
  return {
    atMs,
    requestId,
    lease: leaseId === null ? null : { id: leaseId, takenAtUs },
    accountId,
    keyId,
    operation,
    document,
    estimated,
    points,
    rows,
    databaseUs,
    bytes,
    durationUs,
    outcome,
    operations,
  }
}

const FIELDS = 16

/** What was printed above, or what became of it on a disk. */
// oxlint-disable-next-line typescript/no-explicit-any
function listOf(line: string): readonly any[] | null {
  try {
    const fields: unknown = JSON.parse(line)
    return Array.isArray(fields) ? fields : null
  } catch {
    return null
  }
}

/** What a column of the ledger holds: a whole number from 0 to 2^31 - 1, and 0 for what is none. */
function whole(value: number): number {
  return value > 0 ? Math.min(Math.round(value), 2_147_483_647) : 0
}

function quote(text: string | null): string {
  return text === null ? 'null' : `"${text}"`
}
