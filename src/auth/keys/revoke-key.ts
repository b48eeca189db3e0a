import type { Transaction } from 'kysely'
import { z } from 'zod'
import type { DB, RevocationReason } from '../../database/tables.generated.ts'
import { type ActContext, accountOf, type Outcome } from '../act.ts'
import { idSchema } from '../id-schema.ts'
import { problem } from '../problems.ts'
import { record } from '../record.ts'
import { transact } from '../transact.ts'

export const revokeKeySchema = z.object({
  input: z.object({ id: idSchema, reason: z.enum(['owner', 'leak']).default('owner') }),
})

/** Revokes an own key, once: its first reason and moment stay. A key revokes itself and no other. */
export function revokeKey(
  context: ActContext,
  { input }: z.infer<typeof revokeKeySchema>,
): Promise<Outcome> {
  const accountId = accountOf(context)
  const { keyId } = context.principal
  const { id } = input
  if (id === null || (keyId !== null && keyId !== id)) return Promise.resolve(problem('NotFound'))
  return transact(context, async (trx) => {
    const key = await trx
      .selectFrom('api_key')
      .select(['id', 'slug', 'revoked_at'])
      .where('id', '=', id)
      .where('account_id', '=', accountId)
      .forUpdate()
      .executeTakeFirst()
    if (key === undefined) return problem('NotFound')
    const now = context.clock()
    if (key.revoked_at === null) {
      await endKey(trx, { keyId: key.id, reason: input.reason, at: now })
      await record(trx, context, {
        accountId,
        action: 'revoke-api-key',
        subject: `key_${key.slug}`,
        reason: input.reason,
      })
    }
    return {
      type: 'RevokeApiKeyPayload',
      rows: { apiKey: key.id },
      values: { id: `key_${key.slug}`, revokedAt: (key.revoked_at ?? now).toISOString() },
    }
  })
}

/** The key opens nothing any more, for this reason. */
export async function endKey(
  trx: Transaction<DB>,
  end: { readonly keyId: string; readonly reason: RevocationReason; readonly at: Date },
): Promise<void> {
  await trx
    .updateTable('api_key')
    .set((eb) => ({
      revoked_at: end.at,
      revocation_reason: end.reason,
      updated_at: end.at,
      version: eb('version', '+', 1),
    }))
    .where('id', '=', end.keyId)
    .where('revoked_at', 'is', null)
    .execute()
}
