import { z } from 'zod'
import { type ActContext, accountOf, type Outcome } from '../act.ts'
import { idSchema } from '../id-schema.ts'
import { problem } from '../problems.ts'
import { record } from '../record.ts'
import { transact } from '../transact.ts'
import { endSessions } from './end-sessions.ts'

export const signOutSchema = z.object({
  input: z.object({ id: idSchema.optional() }).nullish(),
})
export const signOutEverywhereSchema = z.object({})

/** Ends the session that asks for it, or another of the account's; a browser forgets its own. */
export function signOut(
  context: ActContext,
  { input }: z.infer<typeof signOutSchema>,
): Promise<Outcome> {
  const accountId = accountOf(context)
  const { sessionId } = context.principal
  const only = input?.id === undefined ? sessionId : input.id
  if (only === null) return Promise.resolve(problem('NotFound'))
  return transact(context, async (trx) => {
    const at = context.clock()
    const ended = await endSessions(trx, { accountId, reason: 'signed_out', at, only })
    if (ended === 0) return problem('NotFound')
    await record(trx, context, { accountId, action: 'sign-out' })
    if (only === sessionId) context.setCookies(null)
    return { type: 'SignedOut', values: { sessions: ended } }
  })
}

/** Ends every session of the account. */
export function signOutEverywhere(context: ActContext): Promise<Outcome> {
  const accountId = accountOf(context)
  return transact(context, async (trx) => {
    const at = context.clock()
    const sessions = await endSessions(trx, { accountId, reason: 'signed_out_everywhere', at })
    await record(trx, context, { accountId, action: 'sign-out-everywhere' })
    context.setCookies(null)
    return { type: 'SignedOut', values: { sessions } }
  })
}
