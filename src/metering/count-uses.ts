import { sql } from 'kysely'

import type { Database } from '../database/connect.ts'

/** Lines that are counted in one statement. */
const LINES = 1000

/** Accounts and keys count what came into the ledger before, but for rows that somebody holds: those count it the next time. */
export async function countUses({ kysely }: Pick<Database, 'kysely'>): Promise<void> {
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const { rows } = await sql<{ found: number }>`select usage_count(${LINES}) as found`.execute(
      kysely,
    )
    if ((rows[0]?.found ?? 0) < LINES) return
  }
}
