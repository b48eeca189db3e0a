import { sql } from 'kysely'
import { deleteInBatches } from '../../database/delete-in-batches.ts'
import type { BulkRunner } from './bulk-runner.ts'
import { openAsked, sealAsked } from './export-row.ts'

/** For how many days the list of an account tells of exports that have ended. */
export const KEPT_DAYS = 30

/** Links whose time has passed open nothing any more, and their files are gone, as are those that were never completed. */
export async function expireExports({
  database,
  vault,
  clock,
}: Pick<BulkRunner, 'database' | 'vault' | 'clock'>): Promise<void> {
  const { kysely } = database
  const now = clock()
  const expired = await kysely
    .selectFrom('bulk_export')
    .select(['id', 'account_id', 'label'])
    .where('digest', 'is not', null)
    .where('expires_at', '<=', now)
    .limit(EXPIRED_AT_ONCE)
    .execute()
  for (const { id, account_id: owner, label } of expired) {
    const ids = { row: id, owner }
    const asked = { ...openAsked(vault, ids, label), url: null }
    await kysely
      .updateTable('bulk_export')
      .set({ digest: null, ...sealAsked(vault, ids, asked) })
      .where('id', '=', id)
      .execute()
  }
  await deleteInBatches(
    kysely,
    'bulk_export_page',
    sql`export_id in (select id from bulk_export where ended_at is not null and digest is null)`,
  )
  const longAgo = new Date(now.getTime() - KEPT_DAYS * 86_400_000)
  await deleteInBatches(kysely, 'bulk_export', sql`ended_at < ${longAgo}`)
}

/** The others follow with the next round. */
const EXPIRED_AT_ONCE = 100
