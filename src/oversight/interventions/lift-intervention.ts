import { z } from 'zod'
import { reasonSchema } from '../../auth/account/close-account.ts'
import { lockAccount } from '../../auth/account/subject-account.ts'
import { type ActContext, accountOf, type Outcome } from '../../auth/act.ts'
import { idSchema } from '../../auth/id-schema.ts'
import { problem } from '../../auth/problems.ts'
import { record } from '../../auth/record.ts'
import { tell } from '../../auth/sign-in/tell.ts'
import { transactOnce } from '../../auth/transact.ts'
import { formatId } from '../../ids.ts'
import { mayIntervene } from './intervene.ts'

export const liftInterventionSchema = z.object({
  input: z.object({ id: idSchema, reason: reasonSchema }),
})

/** Ends a step that is in force before its time. Keys that a revocation took back stay revoked. */
export function liftIntervention(
  context: ActContext,
  { input }: z.infer<typeof liftInterventionSchema>,
): Promise<Outcome> {
  const { reason } = input
  return transactOnce(context, async (trx) => {
    const named = await trx
      .selectFrom('intervention')
      .select('account_id')
      .where('id', '=', input.id)
      .executeTakeFirst()
    const account = await lockAccount(trx, named?.account_id ?? null)
    const mayLift =
      account !== null && account.id !== accountOf(context) && mayIntervene(context, account.role)
    if (!mayLift) return problem('NotFound')
    const now = context.clock()
    const lifted = await trx
      .updateTable('intervention')
      .set({
        ended_at: now,
        end_reason: 'lifted',
        end_note: reason,
        ended_by: accountOf(context),
      })
      .where('id', '=', input.id)
      .where('ended_at', 'is', null)
      .where((eb) => eb.or([eb('until', 'is', null), eb('until', '>', now)]))
      .returning(['id', 'step', 'api_key_id'])
      .executeTakeFirst()
    if (lifted === undefined) return problem('InterventionOver')
    const accountId = account.id
    const subject = formatId('itv', lifted.id)
    await record(trx, context, { accountId, action: 'lift-intervention', subject, reason })
    const keyId = lifted.api_key_id === null ? null : formatId('key', lifted.api_key_id)
    const details = { step: lifted.step, keyId, reason }
    await tell(trx, context, { accountId, kind: 'intervention-lifted', details })
    return {
      type: 'LiftInterventionPayload',
      rows: { intervention: lifted.id },
      forgets: [accountId],
    }
  })
}
