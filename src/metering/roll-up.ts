import { sql } from 'kysely'

import type { Database } from '../database/connect.ts'

/** Parts of segments that are rolled up in one transaction. */
const BATCHES = 200
/** Operations of one key and day that have rows of their own in the roll-ups. */
export const NAMES_PER_DAY = 100

/** Adds what came into the ledger to its roll-ups, until nothing is left or the signal is aborted. */
export async function rollUp(
  { kysely }: Pick<Database, 'kysely'>,
  signal?: AbortSignal,
): Promise<void> {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const { rows } = await sql<{ rolled: number }>`
      select usage_roll_up(${BATCHES}, ${NAMES_PER_DAY}) as rolled`.execute(kysely)
    if ((rows[0]?.rolled ?? 0) < BATCHES || signal?.aborted === true) return
  }
}
