import { z } from 'zod'
import type { ActContext, Outcome } from '../act.ts'
import { record } from '../record.ts'
import { problem } from '../problems.ts'
import { transact } from '../transact.ts'
import { endSessions } from './end-sessions.ts'
import { secretSchema } from './input.ts'
import { digestSecret, parseSecret } from './one-time-secret.ts'
import { assertDelivery, deliverySchema, proveSession, sessionEnd } from './open-session.ts'
import { tell } from './tell.ts'

export const refreshSessionSchema = z.object({
  input: z.object({ refreshToken: secretSchema.nullish(), delivery: deliverySchema }),
})

/**
 * New tokens for a session in place of its refresh token, which is good for one use: whoever presents a used one ends the
 * session, because one of the two that had it is a thief.
 */
export function refreshSession(
  context: ActContext,
  { input }: z.infer<typeof refreshSessionSchema>,
): Promise<Outcome> {
  const { delivery } = input
  const { caller, clock } = context
  const isByCookie = input.refreshToken == null
  assertDelivery(context, isByCookie ? 'cookies' : delivery)
  const token = input.refreshToken ?? caller.refreshCookie ?? ''
  if (parseSecret('maat_rt_', token) === null) return Promise.resolve(problem('SessionEnded'))
  return transact(context, async (trx) => {
    const now = clock()
    const refresh = await trx
      .selectFrom('session_refresh as r')
      .innerJoin('session as s', 's.id', 'r.session_id')
      .select(['r.used_at', 's.id', 's.account_id', 's.ended_at', 's.expires_at'])
      .where('r.digest', '=', digestSecret(token))
      .forUpdate()
      .executeTakeFirst()
    if (refresh === undefined || refresh.ended_at !== null || refresh.expires_at <= now) {
      return problem('SessionEnded')
    }
    const { id: sessionId, account_id: accountId } = refresh
    if (refresh.used_at !== null) {
      await endSessions(trx, { accountId, reason: 'refresh_reused', at: now, only: sessionId })
      await record(trx, context, { accountId, action: 'reuse-refresh-token' })
      await tell(trx, context, { accountId, kind: 'refresh-reused', details: { at: now } })
      return { ...problem('SessionEnded'), isKept: true, forgets: [sessionId] }
    }
    await trx
      .updateTable('session_refresh')
      .set({ used_at: now })
      .where('digest', '=', digestSecret(token))
      .execute()
    await trx
      .updateTable('session')
      .set({ expires_at: sessionEnd(now), last_used_at: now })
      .where('id', '=', sessionId)
      .execute()
    return proveSession(trx, context, { accountId, sessionId, delivery })
  })
}
