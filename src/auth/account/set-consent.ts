import { z } from 'zod'
import { type ActContext, accountOf, type Outcome } from '../act.ts'
import { problem } from '../problems.ts'
import { transactOnce } from '../transact.ts'
import { changeAccount } from './change-account.ts'
import { lockAccount } from './subject-account.ts'

export const setConsentSchema = z.object({
  input: z.object({
    consent: z
      .string()
      .toLowerCase()
      .pipe(z.enum(['none', 'account', 'measurements'])),
  }),
})

/** Gives, narrows or withdraws consent: keys and sessions go by it with their next request. */
export function setConsent(
  context: ActContext,
  { input }: z.infer<typeof setConsentSchema>,
): Promise<Outcome> {
  const accountId = accountOf(context)
  const { consent } = input
  return transactOnce(context, async (trx) => {
    const account = await lockAccount(trx, accountId)
    if (account === null) return problem('NotFound')
    if (account.consent !== consent) {
      // What was agreed to, and when, is what the log is for.
      await changeAccount(trx, context, {
        accountId,
        set: { consent },
        action: 'set-consent',
        reason: consent,
      })
    }
    return { type: 'SetConsentPayload', values: { consent: consent.toUpperCase() } }
  })
}
