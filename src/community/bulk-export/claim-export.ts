import { sql } from 'kysely'
import { v4 } from 'uuid'
import { isAccessLevel } from '../../auth/access.ts'
import type { BulkRunner } from './bulk-runner.ts'
import { type ClaimedExport, openAsked, UNFINISHED } from './export-row.ts'

/** How long a gateway that is not heard of keeps an export from the others. Longer than a page takes. */
export const CLAIM = sql<Date>`clock_timestamp() + interval '90 seconds'`

/**
 * Takes on the export that has waited longest and that no gateway works on; null where there is none. Of several gateways
 * one gets it, by the clock of the database.
 */
export async function claimExport({
  database,
  vault,
  clock,
}: Pick<BulkRunner, 'database' | 'vault' | 'clock'>): Promise<ClaimedExport | null> {
  const now = clock()
  const row = await database.kysely
    .updateTable('bulk_export')
    .set((eb) => ({
      claim: v4(),
      claimed_until: CLAIM,
      state: 'running',
      resume_at: null,
      started_at: eb.fn.coalesce('started_at', eb.val(now)),
    }))
    .where('id', '=', (eb) =>
      eb
        .selectFrom('bulk_export')
        .select('id')
        .where(UNFINISHED)
        .where(sql<boolean>`(resume_at is null or resume_at <= ${now})`)
        .where(sql<boolean>`(claimed_until is null or claimed_until < clock_timestamp())`)
        .orderBy('worked_at')
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .executeTakeFirst()
  if (row === undefined) return null
  const { id, account_id: accountId, level } = row
  if (row.claim === null || !isAccessLevel(level)) throw new Error('An export is not what it was.')
  return {
    id,
    claim: row.claim,
    accountId,
    credential: {
      kind: row.credential_kind === 'key' ? 'key' : 'session',
      id: row.credential_id,
      level,
    },
    asked: openAsked(vault, { row: id, owner: accountId }, row.label),
    total: row.total,
    sets: row.sets,
    pages: row.pages,
    position: row.position,
    stumbles: row.stumbles,
  }
}
