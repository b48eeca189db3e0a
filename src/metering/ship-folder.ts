import { unlink } from 'node:fs/promises'

import { sql } from 'kysely'

import type { Database } from '../database/connect.ts'
import { segmentPath, segmentsIn } from './segment-files.ts'
import { readPart } from './segment-reader.ts'
import { shipPart } from './ship-part.ts'

export interface ShippedFolder {
  readonly database: Pick<Database, 'pool' | 'kysely'>
  readonly path: string
  /** UUID of the gateway that it belongs to. */
  readonly gateway: string
  /** Hears of what is wrong with a segment, and keeps nothing from the ledger. */
  readonly onFailure: (error: unknown) => void
  /** The segment that is still written to; Infinity where none is. */
  readonly current: () => number
}

/**
 * Brings everything that stood in the segments of this folder when it was called into the ledger, and removes segments that
 * are there whole and not written to any more.
 */
export async function shipFolder({
  database,
  path,
  gateway,
  current,
  onFailure,
}: ShippedFolder): Promise<void> {
  for (const segment of await segmentsIn(path)) {
    const isComplete = segment < current()
    // oxlint-disable-next-line no-await-in-loop -- in their order
    const start = await shippedOf(database, gateway, segment)
    // oxlint-disable-next-line no-await-in-loop -- in their order
    const unreadable = await shipSegment(database, { path, gateway, segment, start })
    if (unreadable > 0) onFailure(new Error(`${unreadable} lines of a segment are no records.`))
    // oxlint-disable-next-line no-await-in-loop -- in their order
    if (isComplete) await drop(database, { path, gateway, segment })
  }
}

interface Shipped {
  readonly path: string
  readonly gateway: string
  readonly segment: number
  readonly start: number
}

async function shipSegment(
  database: ShippedFolder['database'],
  { path, gateway, segment, start }: Shipped,
): Promise<number> {
  let place = start
  let unreadable = 0
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- in their order
    const part = await readPart(path, segment, place).catch(unlessGone)
    if (part === null) return unreadable
    unreadable += part.unreadable
    // oxlint-disable-next-line no-await-in-loop -- in their order
    place = await shipPart(database, { gateway, segment, start: place, ...part })
  }
}

async function shippedOf(
  { kysely }: ShippedFolder['database'],
  gateway: string,
  segment: number,
): Promise<number> {
  const row = await kysely
    .selectFrom('meter_segment')
    .select('shipped')
    .where('gateway_id', '=', gateway)
    .where('segment', '=', segment)
    .executeTakeFirst()
  return Number(row?.shipped ?? 0)
}

/** Somebody else was faster, and has shipped all of it. */
function unlessGone(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw error
}

/** Its row stays for a while: whoever read the same file meanwhile finds there that all of it has come. */
async function drop(
  { kysely }: ShippedFolder['database'],
  { path, gateway, segment }: Omit<Shipped, 'start'>,
): Promise<void> {
  await unlink(segmentPath(path, segment)).catch(unlessGone)
  await kysely
    .updateTable('meter_segment')
    .set({ removed_at: sql<Date>`clock_timestamp()` })
    .where('gateway_id', '=', gateway)
    .where('segment', '=', segment)
    .execute()
}
