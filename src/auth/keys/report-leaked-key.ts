import { z } from 'zod'
import type { ActContext, Outcome } from '../act.ts'
import { parseKey } from '../api-key.ts'
import { record } from '../record.ts'
import { tell } from '../sign-in/tell.ts'
import { transact } from '../transact.ts'
import { endKey } from './revoke-key.ts'

export const reportLeakedKeySchema = z.object({
  key: z
    .string()
    .refine(
      (text) => parseKey(text).kind === 'key',
      'This is no API key of Maat, or not a whole one.',
    ),
})

/**
 * Revokes a key for whoever holds it: having it is proof enough. Answers whether it is revoked now, and says nothing of
 * whose it was.
 */
export function reportLeakedKey(
  context: ActContext,
  { key: text }: z.infer<typeof reportLeakedKeySchema>,
): Promise<Outcome> {
  const { vault, clock } = context
  return transact(context, async (trx) => {
    const key = await trx
      .selectFrom('api_key')
      .select(['id', 'slug', 'account_id', 'revoked_at'])
      .where('digest', '=', vault.pepper.digest(text))
      .forUpdate()
      .executeTakeFirst()
    if (key === undefined) return answer(false)
    if (key.revoked_at === null) {
      await endKey(trx, { keyId: key.id, reason: 'leak', at: clock() })
      await record(trx, context, {
        accountId: key.account_id,
        action: 'report-leaked-key',
        subject: `key_${key.slug}`,
        reason: 'leak',
      })
      await tell(trx, context, {
        accountId: key.account_id,
        kind: 'key-leaked',
        details: { keyId: `key_${key.slug}` },
      })
    }
    return { ...answer(true), forgets: [key.id] }
  })
}

function answer(revoked: boolean): Outcome {
  return { type: 'ReportLeakedKeyPayload', values: { revoked } }
}
