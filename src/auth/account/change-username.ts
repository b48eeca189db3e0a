import { z } from 'zod'
import { normalizeLabel } from '../../vault/vault.ts'
import type { ActContext, Outcome } from '../act.ts'
import { idSchema } from '../id-schema.ts'
import { problem } from '../problems.ts'
import { usernameSchema } from '../sign-in/input.ts'
import { transactOnce } from '../transact.ts'
import { changeAccount } from './change-account.ts'
import { lockAccount, subjectOf } from './subject-account.ts'

export const changeUsernameSchema = z.object({
  input: z.object({ username: usernameSchema, account: idSchema.optional() }),
})

/** Gives the account another name, unless another account has one that differs in letter case alone. */
export async function changeUsername(
  context: ActContext,
  { input }: z.infer<typeof changeUsernameSchema>,
): Promise<Outcome> {
  const { username } = input
  const accountId = subjectOf(context, input.account)
  if (accountId === null) return problem('NotFound')
  try {
    return await transactOnce(context, async (trx) => {
      if ((await lockAccount(trx, accountId)) === null) return problem('NotFound')
      const set = { username, username_key: normalizeLabel(username) }
      await changeAccount(trx, context, { accountId, set, action: 'change-username' })
      return { type: 'ChangeUsernamePayload', rows: { account: accountId, profile: accountId } }
    })
  } catch (error) {
    // The index decides: whoever looked first would still be late.
    if (isTaken(error)) return problem('UsernameTaken')
    throw error
  }
}

function isTaken(error: unknown): boolean {
  return (
    error instanceof Error &&
    'constraint' in error &&
    error.constraint === 'account_username_key_key'
  )
}
