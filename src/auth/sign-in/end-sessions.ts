import type { Transaction } from 'kysely'
import type { DB, SessionEnd } from '../../database/tables.generated.ts'

export interface EndedSessions {
  readonly accountId: string
  readonly reason: SessionEnd
  readonly at: Date
  /** This one alone; all of the account's where it is absent. */
  readonly only?: string
  /** All but this one. */
  readonly except?: string | null
}

/** These sessions open nothing any more; answers how many had been open. */
export async function endSessions(
  trx: Transaction<DB>,
  { accountId, reason, at, only, except = null }: EndedSessions,
): Promise<number> {
  let ended = trx
    .updateTable('session')
    .set({ ended_at: at, end_reason: reason })
    .where('account_id', '=', accountId)
    .where('ended_at', 'is', null)
  if (only !== undefined) ended = ended.where('id', '=', only)
  if (except !== null) ended = ended.where('id', '<>', except)
  const { numUpdatedRows } = await ended.executeTakeFirstOrThrow()
  return Number(numUpdatedRows)
}
