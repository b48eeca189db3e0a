import { v7 } from 'uuid'
import { z } from 'zod'
import { writeMessage } from '../../mail/messages.ts'
import { queueMail } from '../../mail/outbox.ts'
import { type ActContext, accountOf, type Outcome } from '../act.ts'
import { problem } from '../problems.ts'
import { takeGuess } from '../sign-in/guesses.ts'
import { secretSchema } from '../sign-in/input.ts'
import { isReauthenticated } from '../sign-in/reauthenticate.ts'
import { passesSecondFactor } from '../sign-in/second-factor.ts'
import { addressOf } from '../sign-in/tell.ts'
import { transact } from '../transact.ts'
import { eraseAccount } from './erase-account.ts'

export const deleteAccountSchema = z.object({
  input: z.object({ password: secretSchema.nullish(), code: secretSchema.nullish() }).nullish(),
})

/**
 * Deletes the own account and everything in it, for good, once whoever asks has proved anew who that is: by the password,
 * a code of the second factor, or where there is no password by a session that is younger than ten minutes.
 * @throws {ApiError} RATE_LIMITED, OVERLOADED
 */
export async function deleteAccount(
  context: ActContext,
  { input }: z.infer<typeof deleteAccountSchema>,
): Promise<Outcome> {
  const accountId = accountOf(context)
  const code = input?.code ?? null
  if (code !== null) {
    await takeGuess(context, { kind: 'second-factor', account: accountId, address: null })
  } else if (!(await isReauthenticated(context, input?.password ?? null))) {
    return problem('PasswordWrong')
  }
  const outcome = await transact(context, async (trx) => {
    if (code !== null && !(await passesSecondFactor(trx, context, { accountId, code }))) {
      return problem('SecondFactorWrong')
    }
    const { vault, clock } = context
    const at = clock()
    const to = await addressOf(trx, vault, accountId)
    await eraseAccount(trx, accountId)
    const message = { to, ...writeMessage('account-deleted', { at }) }
    // Nobody's any more: its row names no account.
    await queueMail(trx, vault, { accountId: v7(), message, now: at })
    return { type: 'DeleteAccountPayload', values: { deleted: true } }
  })
  if (outcome.type !== 'DeleteAccountPayload') return outcome
  context.mailsWait()
  context.setCookies(null)
  return outcome
}
