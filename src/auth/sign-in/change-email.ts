import { z } from 'zod'
import { sealRow } from '../../vault/seal-row.ts'
import { type ActContext, accountOf, type Outcome } from '../act.ts'
import { problem } from '../problems.ts'
import { record } from '../record.ts'
import { transact } from '../transact.ts'
import { takeGuess } from './guesses.ts'
import { emailSchema, secretSchema } from './input.ts'
import { spendLinks, useLink } from './links.ts'
import { isReauthenticated } from './reauthenticate.ts'
import { noteMailRequest } from './request-mail.ts'
import { addressOf, tell } from './tell.ts'

export const changeEmailSchema = z.object({
  input: z.object({ email: emailSchema, password: secretSchema.nullish() }),
})
export const confirmEmailSchema = z.object({ input: z.object({ token: secretSchema }) })

/** Mails a link to the new address: once it is followed, that is the account's. Whether it is another's is not told. */
export async function changeEmail(
  context: ActContext,
  { input }: z.infer<typeof changeEmailSchema>,
): Promise<Outcome> {
  const accountId = accountOf(context)
  await takeGuess(context, {
    kind: 'mailed-link',
    account: accountId,
    address: context.caller.address,
  })
  if (!(await isReauthenticated(context, input.password ?? null))) return problem('PasswordWrong')
  await noteMailRequest(context.database.kysely, context, {
    kind: 'change_email',
    asked: { email: input.email, accountId },
  })
  context.mailsWait()
  return { type: 'MailAccepted', values: { accepted: true } }
}

/** The address that the link went to is the account's; the one before is told. */
export async function confirmEmail(
  context: ActContext,
  { input }: z.infer<typeof confirmEmailSchema>,
): Promise<Outcome> {
  const { vault, clock } = context
  await takeGuess(context, { kind: 'sign-in', account: null, address: context.caller.address })
  return transact(context, async (trx) => {
    const link = await useLink(trx, context, { token: input.token, purpose: 'change_email' })
    if (link === null) return problem('LinkInvalid')
    const { accountId, carried: email } = link
    const now = clock()
    const taken = await trx
      .selectFrom('account')
      .select('id')
      .where('label_index', '=', vault.labelIndex(email))
      .executeTakeFirst()
    if (taken !== undefined) return problem('LinkInvalid')
    const before = await addressOf(trx, vault, accountId)
    const { label, label_index } = sealRow(
      vault,
      'account',
      { row: accountId, owner: accountId },
      { email },
    )
    await trx
      .updateTable('account')
      .set((eb) => ({ label, label_index, updated_at: now, version: eb('version', '+', 1) }))
      .where('id', '=', accountId)
      .execute()
    await spendLinks(trx, context, { accountId, purpose: 'sign_in' })
    await spendLinks(trx, context, { accountId, purpose: 'reset_password' })
    await record(trx, context, { accountId, action: 'change-email' })
    await tell(trx, context, { accountId, to: before, kind: 'email-changed', details: { at: now } })
    return { type: 'EmailChanged', values: { changed: true } }
  })
}
