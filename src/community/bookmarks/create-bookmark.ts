import { v7 } from 'uuid'
import { z } from 'zod'
import { type ActContext, accountOf, type Outcome } from '../../auth/act.ts'
import { record } from '../../auth/record.ts'
import { transactOnce } from '../../auth/transact.ts'
import { formatId } from '../../ids.ts'
import { BOOKMARK_MEMBERS } from './bookmark-input.ts'

export const createBookmarkSchema = z.object({ input: z.object(BOOKMARK_MEMBERS) })

/** Makes a bookmark of the caller. What it leads to is not looked at. */
export function createBookmark(
  context: ActContext,
  { input }: z.infer<typeof createBookmarkSchema>,
): Promise<Outcome> {
  const accountId = accountOf(context)
  return transactOnce(context, async (trx) => {
    const now = context.clock()
    const id = v7({ msecs: now.getTime() })
    await trx
      .insertInto('bookmark')
      .values({ id, account_id: accountId, ...input, created_at: now, updated_at: now })
      .execute()
    const subject = formatId('bkm', id)
    await record(trx, context, { accountId, action: 'create-bookmark', subject })
    return { type: 'BookmarkPayload', rows: { bookmark: id } }
  })
}
