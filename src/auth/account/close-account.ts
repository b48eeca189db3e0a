import { z } from 'zod'
import { holds } from '../check-scope.ts'
import type { ActContext, Outcome } from '../act.ts'
import { problem } from '../problems.ts'
import { transactOnce } from '../transact.ts'
import { anothersAccount } from './anothers-account.ts'
import { changeAccount } from './change-account.ts'
import { lockAccount } from './subject-account.ts'

/** Why something is done to another's account: for its owner, and for whoever asks later. */
export const reasonSchema = z.string().trim().min(1).max(500, 'A reason has 1 to 500 characters.')

export function closeAccountSchema(context: ActContext) {
  return z.object({
    input: z.object({ account: anothersAccount(context), reason: reasonSchema }),
  })
}

type CloseAccount = z.infer<ReturnType<typeof closeAccountSchema>>

/** Closes another's account, whatever its status; those of support and admin are closed by an admin alone. */
export function closeAccount(context: ActContext, { input }: CloseAccount): Promise<Outcome> {
  const { reason } = input
  return transactOnce(context, async (trx) => {
    const account = await lockAccount(trx, input.account)
    if (account === null || !mayClose(context, account.role)) return problem('NotFound')
    if (account.status !== 'disabled') {
      const set = { status: 'disabled', closed_status: account.status } as const
      const action = 'close-account'
      await changeAccount(trx, context, { accountId: account.id, set, action, reason })
    }
    return closed(account.id, 'disabled')
  })
}

/** Gives a closed account the status back that it had before: what its owner had restricted is restricted again. */
export function reopenAccount(context: ActContext, { input }: CloseAccount): Promise<Outcome> {
  const { reason } = input
  return transactOnce(context, async (trx) => {
    const account = await lockAccount(trx, input.account)
    if (account === null || !mayClose(context, account.role)) return problem('NotFound')
    if (account.status !== 'disabled') return problem('AccountState')
    const status = account.closed_status ?? 'active'
    const set = { status, closed_status: null }
    const action = 'reopen-account'
    await changeAccount(trx, context, { accountId: account.id, set, action, reason })
    return closed(account.id, status)
  })
}

function mayClose({ principal }: ActContext, role: string): boolean {
  return (role !== 'support' && role !== 'admin') || holds(principal.standing, 'roles:write')
}

function closed(accountId: string, status: string): Outcome {
  return {
    type: 'CloseAccountPayload',
    values: { status: status.toUpperCase() },
    rows: { profile: accountId },
    forgets: [accountId],
  }
}
