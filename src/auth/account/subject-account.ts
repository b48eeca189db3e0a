import type { Transaction } from 'kysely'
import type { DB } from '../../database/tables.generated.ts'
import { type ActContext, accountOf } from '../act.ts'
import { holds } from '../check-scope.ts'

/**
 * UUID of the account that an act changes: the caller's own where none is named, and another's for whoever may write those.
 * null where the caller may not, or the id names no account: for him they are the same, and nothing is looked up.
 */
export function subjectOf(context: ActContext, named: string | null | undefined): string | null {
  const own = accountOf(context)
  if (named === undefined || named === own) return own
  return holds(context.principal.standing, 'accounts:write') ? named : null
}

/** The account as it is, which nobody else changes until the transaction is through; null where there is none. */
export async function lockAccount(trx: Transaction<DB>, id: string | null) {
  if (id === null) return null
  const account = await trx
    .selectFrom('account')
    .select(['id', 'slug', 'role', 'status', 'closed_status', 'consent', 'body'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return account ?? null
}
