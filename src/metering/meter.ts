import { sql } from 'kysely'

import type { Database } from '../database/connect.ts'
import { adoptAbandoned, bookIn, bookOut } from './adopt-abandoned.ts'
import { countUses } from './count-uses.ts'
import { type DocumentNote, DocumentNotes } from './document-notes.ts'
import { makeGatewayFolder } from './gateway-folder.ts'
import { SegmentWriter } from './segment-writer.ts'
import { shipFolder } from './ship-folder.ts'
import { Tally } from './tally.ts'
import { printRecord, type UsageRecord } from './usage-record.ts'

export interface MeterOptions {
  /** For background work: what a gateway answers with may be busy. */
  readonly database: Pick<Database, 'pool' | 'kysely'>
  /** UUID of this process. */
  readonly gateway: string
  /** The folder of all meters of this machine; never shared with another machine. */
  readonly folder: string
  /** Hears once that records can not be written to disk, and that they can again. */
  readonly onStuck: () => void
  readonly onFlowing: () => void
  /** Hears of what keeps records from the ledger, each time. */
  readonly onFailure: (error: unknown) => void
}

/** What operations cost, written down before they are answered, and brought into the ledger behind that. */
export interface Meter {
  /** False once so many records wait for a disk that the next operation should not begin. */
  readonly hasRoom: boolean
  /** Writes the record down: to a file that outlives this process, or to memory while the disk takes nothing. Never throws. */
  readonly record: (record: UsageRecord) => void
  /** As record, once a second for all that are alike: of refusals that anybody can bring about in any number. */
  readonly tally: (record: UsageRecord) => void
  /** Has the ledger know what a document pays for. False where there is no room for it just now. */
  readonly note: (note: DocumentNote) => boolean
  /** Everything that was recorded before is in the ledger then, and what gateways of this folder left that have ended. */
  readonly ship: () => Promise<void>
  readonly state: () => MeterState
  /** Ships for the last time and gives the folder up. Never rejects: what could not be shipped, the next gateway does. */
  readonly close: () => Promise<void>
}

export interface MeterState {
  /** Records that are in memory alone. */
  readonly waiting: number
  /** Seconds since everything was in the ledger. */
  readonly lagSeconds: number
}

/** Records that wait in memory at most, but for those of operations that run already. */
const WAITING_MAX = 10_000
/** A segment that is longer is not written to any more. */
const SEGMENT_BYTES = 4 * 1024 * 1024
const SHIP_MS = 500
/** How often it looks for what others left, in rounds of shipping. */
const ADOPT_ROUNDS = 20

/** The meter of this process, in a folder of its own. Nothing is shipped by itself before `startShipping`. */
export async function createMeter(options: MeterOptions): Promise<Meter> {
  const { database, gateway, folder, onFailure } = options
  // Before its first operation: whoever reconciles has to know of it.
  await bookIn(options, gateway)
  const own = await makeGatewayFolder(folder, gateway)
  const { path } = own
  const writer = new SegmentWriter(path)
  const tally = new Tally()
  const notes = new DocumentNotes()
  let isStuck = false
  let shippedMs = performance.now()
  let shipping: Promise<void> = Promise.resolve()
  let rounds = 0

  function append(record: UsageRecord): void {
    const isWritten = writer.append(printRecord(record))
    if (!isWritten && !isStuck) {
      isStuck = true
      options.onStuck()
    }
  }

  function retry(): void {
    for (const record of tally.take()) append(record)
    if (!writer.retry() || !isStuck) return
    isStuck = false
    options.onFlowing()
  }

  async function ship(): Promise<void> {
    const startedMs = performance.now()
    retry()
    const { rows } = await sql<{ at: string }>`select clock_timestamp()::text as at`.execute(
      database.kysely,
    )
    if (writer.bytes >= SEGMENT_BYTES) writer.rotate()
    const isAllWritten = writer.waiting === 0
    await shipFolder({ database, gateway, path, onFailure, current: () => writer.current })
    await countUses(database)
    await notes.ship(database.kysely)
    if (rounds % ADOPT_ROUNDS === 0) await adoptAbandoned(options)
    rounds += 1
    if (!isAllWritten) return
    await sql`update meter_gateway set shipped_at = ${rows[0]?.at}::timestamptz where gateway_id = ${gateway}`.execute(
      database.kysely,
    )
    shippedMs = startedMs
  }

  /** One after the other. */
  function shipNext(): Promise<void> {
    const next = shipping.then(ship, ship)
    shipping = next.catch(() => {})
    return next
  }

  return {
    get hasRoom() {
      return writer.waiting < WAITING_MAX
    },
    record: append,
    tally: (record) => tally.add(record),
    note: (note) => notes.add(note),
    ship: shipNext,
    state: () => ({
      waiting: writer.waiting,
      lagSeconds: (performance.now() - shippedMs) / 1000,
    }),
    async close() {
      try {
        await shipping
        retry()
        writer.rotate()
        await shipFolder({ database, gateway, path, onFailure, current: () => Infinity })
        await countUses(database)
        await notes.ship(database.kysely)
        await own.leave()
        await bookOut(options, gateway)
      } catch (error) {
        onFailure(error)
        await own.leave()
      }
    },
  }
}

/** Ships twice a second until it is told to stop; resolves then, once nothing is under way. */
export function startShipping(
  { ship }: Pick<Meter, 'ship'>,
  onFailure: (error: unknown) => void,
): () => Promise<void> {
  let timer: NodeJS.Timeout | null = null
  let isStopped = false
  let round: Promise<void> = Promise.resolve()
  const wait = (): void => {
    if (isStopped) return
    timer = setTimeout(() => {
      round = ship().catch(onFailure).finally(wait)
    }, SHIP_MS).unref()
  }
  wait()
  return async () => {
    isStopped = true
    if (timer !== null) clearTimeout(timer)
    await round
  }
}
