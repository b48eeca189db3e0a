import type { Transaction } from 'kysely'
import type { DB } from '../../database/tables.generated.ts'
import { type ActContext, accountOf } from '../act.ts'
import type { Scope } from '../access.ts'
import { holds } from '../check-scope.ts'

/**
 * UUID of the account that an act changes: the caller's own where none is named, and another's for whoever holds the scope to
 * write those. null where the caller may not, or the id names no account: for him they are the same, and nothing is looked up.
 */
export function subjectOf(
  context: Pick<ActContext, 'principal'>,
  named: string | null | undefined,
  others: Scope = 'accounts:write',
): string | null {
  const own = accountOf(context)
  if (named === undefined || named === own) return own
  return holds(context.principal.standing, others) ? named : null
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
