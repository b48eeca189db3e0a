import type { Transaction, Updateable } from 'kysely'
import type { Account, DB } from '../../database/tables.generated.ts'
import type { ActContext } from '../act.ts'
import { record } from '../record.ts'

/** What changes of an account, and how its access log names that. */
export interface AccountChange {
  readonly accountId: string
  readonly set: Updateable<Account>
  readonly action: string
  readonly reason?: string
}

/** The account holds these values, is one version further, and its access log tells of it. */
export async function changeAccount(
  trx: Transaction<DB>,
  context: Pick<ActContext, 'principal' | 'clock'>,
  { accountId, set, action, reason }: AccountChange,
): Promise<void> {
  await trx
    .updateTable('account')
    .set((eb) => ({ ...set, updated_at: context.clock(), version: eb('version', '+', 1) }))
    .where('id', '=', accountId)
    .execute()
  await record(trx, context, { accountId, action, reason: reason ?? null })
}
