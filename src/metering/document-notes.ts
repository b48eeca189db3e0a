import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { DB } from '../database/tables.generated.ts'

/** What a document pays for: how often for each kind of the price list, at most. */
export interface DocumentNote {
  /** SHA-256 in base64url. */
  readonly document: string
  readonly paid: Readonly<Record<string, number>>
  /** Milliseconds since 1970. */
  readonly atMs: number
}

/** Notes that wait for the database at most. */
const WAITING_MAX = 1000

/** Notes that are not in the database yet. */
export class DocumentNotes {
  #waiting = new Map<string, DocumentNote>()

  /** False where it was not taken, for want of room. */
  add(note: DocumentNote): boolean {
    if (this.#waiting.size >= WAITING_MAX) return false
    this.#waiting.set(note.document, note)
    return true
  }

  /** The database has all that were added before; where it rejects, they wait on. */
  async ship(kysely: Kysely<DB>): Promise<void> {
    if (this.#waiting.size === 0) return
    const told = this.#waiting
    this.#waiting = new Map()
    try {
      await insert(kysely, [...told.values()])
    } catch (error) {
      this.#waiting = new Map([...told, ...this.#waiting])
      throw error
    }
  }
}

async function insert(kysely: Kysely<DB>, notes: readonly DocumentNote[]): Promise<void> {
  // In one order, whoever inserts: two gateways that know the same documents do not wait for each other in a ring.
  const ordered = notes.toSorted((a, b) => (a.document < b.document ? -1 : 1))
  await sql`
    insert into usage_document (document, paid, noted_at)
    select decode(document, 'hex'), paid, to_timestamp(ms / 1000)
    from unnest(
      ${ordered.map(({ document }) => Buffer.from(document, 'base64url').toString('hex'))}::text[],
      ${ordered.map(({ paid }) => JSON.stringify(paid))}::jsonb[],
      ${ordered.map(({ atMs }) => atMs)}::double precision[]
    ) as n (document, paid, ms)
    on conflict (document) do update set paid = excluded.paid, noted_at = excluded.noted_at
    where usage_document.noted_at < excluded.noted_at - interval '1 day'`.execute(kysely)
}
