import { z } from 'zod'
import { type ActContext, accountOf, type Outcome } from '../../auth/act.ts'
import { idSchema } from '../../auth/id-schema.ts'
import { conflictWith, problem } from '../../auth/problems.ts'
import { record } from '../../auth/record.ts'
import { transactOnce } from '../../auth/transact.ts'
import { versionSchema } from '../input.ts'
import { lockBookmark } from './lock-bookmark.ts'

export const deleteBookmarkSchema = z.object({
  input: z.object({ id: idSchema, version: versionSchema.nullish() }),
})

/** Deletes a bookmark of the caller. */
export function deleteBookmark(
  context: ActContext,
  { input }: z.infer<typeof deleteBookmarkSchema>,
): Promise<Outcome> {
  return transactOnce(context, async (trx) => {
    const bookmark = await lockBookmark(trx, context, input.id)
    if (bookmark === null) return problem('NotFound')
    const conflict = conflictWith(bookmark, input.version)
    if (conflict !== null) return conflict
    await trx.deleteFrom('bookmark').where('id', '=', bookmark.id).execute()
    const subject = `bkm_${bookmark.slug}`
    const accountId = accountOf(context)
    await record(trx, context, { accountId, action: 'delete-bookmark', subject })
    return { type: 'DeleteBookmarkPayload', values: { id: subject } }
  })
}
