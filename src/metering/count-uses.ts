import { sql } from 'kysely'

import type { Database } from '../database/connect.ts'

/** Uses that are counted in one transaction. */
const BATCH = 1000

/**
 * Keys and accounts have the use that records told of so far, each once, but for rows that somebody else holds: those have it
 * the next time. Ends before that where the signal is aborted.
 */
export async function countUses(
  { kysely }: Pick<Database, 'kysely'>,
  signal?: AbortSignal,
): Promise<void> {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const { rows } = await sql<{ counted: number }>`
      select usage_count(${BATCH}) as counted`.execute(kysely)
    if ((rows[0]?.counted ?? 0) < BATCH || signal?.aborted === true) return
  }
}
