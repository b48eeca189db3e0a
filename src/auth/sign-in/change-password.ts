import type { Transaction } from 'kysely'
import { z } from 'zod'
import type { DB } from '../../database/tables.generated.ts'
import { type ActContext, accountOf, type Asked, type Outcome } from '../act.ts'
import { problem } from '../problems.ts'
import { record } from '../record.ts'
import { transact } from '../transact.ts'
import { endSessions } from './end-sessions.ts'
import { takeGuess } from './guesses.ts'
import { secretSchema } from './input.ts'
import { ownerOfToken, spendLinks, useLink } from './links.ts'
import { ownNames, ownPassword } from './own-names.ts'
import { isReauthenticated } from './reauthenticate.ts'
import { tell } from './tell.ts'

export async function changePasswordSchema(context: ActContext) {
  const newPassword = ownPassword(await ownNames(context, accountOf(context)))
  return z.object({ input: z.object({ password: secretSchema.nullish(), newPassword }) })
}

export async function resetPasswordSchema(context: ActContext, asked: Asked) {
  const owner = await ownerOfToken(context, asked, 'reset_password')
  const newPassword = ownPassword(await ownNames(context, owner))
  return z.object({ input: z.object({ token: secretSchema, newPassword }) })
}

/** Gives the account another password; every other session of it ends. */
export async function changePassword(
  context: ActContext,
  { input }: z.infer<Awaited<ReturnType<typeof changePasswordSchema>>>,
): Promise<Outcome> {
  const accountId = accountOf(context)
  if (!(await isReauthenticated(context, input.password ?? null))) return problem('PasswordWrong')
  const hashed = await context.passwords.hash(input.newPassword)
  return transact(context, async (trx) => {
    const except = context.principal.sessionId
    const given = { accountId, hashed, except }
    const sessions = await setPassword(trx, context, given)
    await record(trx, context, { accountId, action: 'change-password' })
    return { type: 'PasswordChanged', values: { sessionsEnded: sessions } }
  })
}

/** Gives the account of the link another password; every session of it ends. */
export async function resetPassword(
  context: ActContext,
  { input }: z.infer<Awaited<ReturnType<typeof resetPasswordSchema>>>,
): Promise<Outcome> {
  await takeGuess(context, { kind: 'sign-in', account: null, address: context.caller.address })
  const hashed = await context.passwords.hash(input.newPassword)
  return transact(context, async (trx) => {
    const link = await useLink(trx, context, { token: input.token, purpose: 'reset_password' })
    if (link === null) return problem('LinkInvalid')
    const { accountId } = link
    const given = { accountId, hashed, except: null }
    const sessions = await setPassword(trx, context, given)
    await record(trx, context, { accountId, action: 'reset-password' })
    return {
      type: 'PasswordChanged',
      values: { sessionsEnded: sessions },
      forgets: [accountId],
    }
  })
}

interface NewPassword {
  readonly accountId: string
  readonly hashed: string
  /** The session that stays. */
  readonly except: string | null
}

async function setPassword(
  trx: Transaction<DB>,
  context: ActContext,
  { accountId, hashed, except }: NewPassword,
): Promise<number> {
  const now = context.clock()
  await trx
    .insertInto('credential')
    .values({ account_id: accountId, password_hash: hashed, updated_at: now })
    .onConflict((conflict) =>
      conflict.column('account_id').doUpdateSet({ password_hash: hashed, updated_at: now }),
    )
    .execute()
  await spendLinks(trx, context, { accountId, purpose: 'reset_password' })
  await spendLinks(trx, context, { accountId, purpose: 'sign_in' })
  await spendLinks(trx, context, { accountId, purpose: 'second_factor' })
  await tell(trx, context, { accountId, kind: 'password-changed', details: { at: now } })
  return endSessions(trx, { accountId, reason: 'password_changed', at: now, except })
}
