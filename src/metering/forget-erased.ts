import { sql } from 'kysely'

import type { Database } from '../database/connect.ts'

/** Records that are written to at a time. */
const BATCH = 20_000

/** Nothing in the ledger tells any more whose the operations of deleted accounts were; what they came to stays. */
export async function forgetErased(
  { kysely }: Pick<Database, 'kysely'>,
  signal?: AbortSignal,
): Promise<void> {
  const erased = await kysely.selectFrom('usage_erasure').select('erased_id').execute()
  for (const { erased_id: id } of erased) {
    for (;;) {
      if (signal?.aborted === true) return
      // One batch after the other: an account may have millions.
      // oxlint-disable-next-line no-await-in-loop
      const { numAffectedRows = 0n } = await sql`
        update usage_record r set account_id = ${NOBODY}, key_id = null, operation = '', request_id = ''
        from (
          select recorded_at, gateway_id, segment, place from usage_record where account_id = ${id} limit ${BATCH}
        ) p
        where r.recorded_at = p.recorded_at and r.gateway_id = p.gateway_id and r.segment = p.segment and r.place = p.place`.execute(
        kysely,
      )
      if (numAffectedRows < BigInt(BATCH)) break
    }
    // oxlint-disable-next-line no-await-in-loop
    await sql`select ledger_forget(${id})`.execute(kysely)
  }
}

/** Whose operations are those of accounts that were deleted. */
export const NOBODY = '00000000-0000-0000-0000-000000000000'
