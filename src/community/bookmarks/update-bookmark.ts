import { z } from 'zod'
import { type ActContext, accountOf, type Outcome } from '../../auth/act.ts'
import { idSchema } from '../../auth/id-schema.ts'
import { conflictWith, problem } from '../../auth/problems.ts'
import { record } from '../../auth/record.ts'
import { transactOnce } from '../../auth/transact.ts'
import { versionSchema } from '../input.ts'
import { BOOKMARK_MEMBERS } from './bookmark-input.ts'
import { lockBookmark } from './lock-bookmark.ts'

export const updateBookmarkSchema = z.object({
  input: z.object(BOOKMARK_MEMBERS).partial().extend({ id: idSchema, version: versionSchema }),
})

/** Changes a bookmark of the caller; what is not given stays. */
export function updateBookmark(
  context: ActContext,
  { input }: z.infer<typeof updateBookmarkSchema>,
): Promise<Outcome> {
  const { id, version, ...changes } = input
  return transactOnce(context, async (trx) => {
    const bookmark = await lockBookmark(trx, context, id)
    if (bookmark === null) return problem('NotFound')
    const conflict = conflictWith(bookmark, version)
    if (conflict !== null) return conflict
    await trx
      .updateTable('bookmark')
      .set((eb) => ({
        ...changes,
        updated_at: context.clock(),
        version: eb('version', '+', 1),
      }))
      .where('id', '=', bookmark.id)
      .execute()
    const subject = `bkm_${bookmark.slug}`
    const accountId = accountOf(context)
    await record(trx, context, { accountId, action: 'update-bookmark', subject })
    return { type: 'BookmarkPayload', rows: { bookmark: bookmark.id } }
  })
}
