import { z } from 'zod'
import type { AccountStatus } from '../../database/tables.generated.ts'
import { type ActContext, accountOf, type Outcome } from '../act.ts'
import { problem } from '../problems.ts'
import { transactOnce } from '../transact.ts'
import { changeAccount } from './change-account.ts'
import { lockAccount } from './subject-account.ts'

export const restrictAccountSchema = z.object({})

/** Closes the own account until its owner opens it again: nothing in it is processed, and nothing is lost. */
export function restrictAccount(context: ActContext): Promise<Outcome> {
  return change(context, { from: 'active', to: 'restricted', action: 'restrict-account' })
}

/** Opens the own account again, where its owner had closed it. */
export function liftRestriction(context: ActContext): Promise<Outcome> {
  return change(context, { from: 'restricted', to: 'active', action: 'lift-restriction' })
}

interface StatusChange {
  readonly from: AccountStatus
  readonly to: AccountStatus
  readonly action: string
}

function change(context: ActContext, { from, to, action }: StatusChange): Promise<Outcome> {
  const accountId = accountOf(context)
  return transactOnce(context, async (trx) => {
    const account = await lockAccount(trx, accountId)
    if (account === null) return problem('NotFound')
    // Neither opens what is not confirmed, or what an administrator closed.
    if (account.status !== from && account.status !== to) return problem('AccountState')
    if (account.status === from) {
      await changeAccount(trx, context, { accountId, set: { status: to }, action })
    }
    return { type: 'AccountStatusPayload', values: { status: to.toUpperCase() } }
  })
}
