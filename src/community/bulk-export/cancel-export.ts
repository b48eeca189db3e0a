import { z } from 'zod'
import { type ActContext, accountOf, type Outcome } from '../../auth/act.ts'
import { holds } from '../../auth/check-scope.ts'
import { idSchema } from '../../auth/id-schema.ts'
import { problem } from '../../auth/problems.ts'
import { record } from '../../auth/record.ts'
import { transactOnce } from '../../auth/transact.ts'

export const cancelExportSchema = z.object({ input: z.object({ id: idSchema }) })

/** Ends an export that has not ended; one that has stays as it is. What was made of its file goes soon. */
export function cancelExport(
  context: ActContext,
  { input }: z.infer<typeof cancelExportSchema>,
): Promise<Outcome> {
  const { principal, clock } = context
  const accountId = accountOf(context)
  return transactOnce(context, async (trx) => {
    const found = await trx
      .selectFrom('bulk_export')
      .select(['id', 'slug', 'state'])
      .where('id', '=', input.id)
      .where('account_id', '=', accountId)
      .$if(!holds(principal.standing, 'sets:read-all'), (query) =>
        query.where('is_all', '=', false),
      )
      .forUpdate()
      .executeTakeFirst()
    if (found === undefined) return problem('NotFound')
    const { id, slug, state } = found
    if (state === 'waiting' || state === 'running' || state === 'paused') {
      const now = clock()
      await trx
        .updateTable('bulk_export')
        .set({
          state: 'cancelled',
          claim: null,
          claimed_until: null,
          resume_at: null,
          ended_at: now,
          worked_at: now,
        })
        .where('id', '=', id)
        .execute()
      const subject = `exp_${slug}`
      await record(trx, context, { accountId, action: 'cancel-bulk-export', subject })
    }
    return { type: 'CancelBulkExportPayload', rows: { bulkExport: id } }
  })
}
