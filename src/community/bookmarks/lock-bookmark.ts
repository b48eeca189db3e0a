import type { Transaction } from 'kysely'
import { type ActContext, accountOf } from '../../auth/act.ts'
import type { DB } from '../../database/tables.generated.ts'

/** The caller's own bookmark, which nobody else changes until the transaction is through; null where there is none. */
export async function lockBookmark(
  trx: Transaction<DB>,
  caller: Pick<ActContext, 'principal'>,
  id: string | null,
) {
  const bookmark = await trx
    .selectFrom('bookmark')
    .selectAll()
    .where('id', '=', id)
    .where('account_id', '=', accountOf(caller))
    .forUpdate()
    .executeTakeFirst()
  return bookmark ?? null
}
