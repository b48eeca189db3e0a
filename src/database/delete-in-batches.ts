import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { DB } from './tables.generated.ts'

/** How many rows one statement deletes at most. */
const BATCH_ROWS = 1_000

/**
 * The rows of this table that meet the condition are gone, except those that somebody holds; answers how many went. Each
 * batch is a statement of its own: nothing waits for all of them.
 */
export async function deleteInBatches(
  kysely: Kysely<DB>,
  table: keyof DB,
  condition: RawBuilder<unknown>,
): Promise<number> {
  let deleted = 0
  while (true) {
    const { numAffectedRows = 0n } = await sql`
      delete from ${sql.table(table)} where ctid = any (array(
        select ctid from ${sql.table(table)} where ${condition}
        limit ${BATCH_ROWS} for update skip locked))`.execute(kysely)
    deleted += Number(numAffectedRows)
    if (numAffectedRows < BATCH_ROWS) return deleted
  }
}
