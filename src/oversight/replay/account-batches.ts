import type { Kysely } from 'kysely'
import type { DB } from '../../database/tables.generated.ts'

/** Accounts whose use is read at a time. */
const BATCH = 500
const FIRST_ID = '00000000-0000-0000-0000-000000000000'

/** The ids of all accounts, some at a time; `policed`: without those of support and admin, which no policy touches. */
export async function* accountBatches(
  kysely: Kysely<DB>,
  { policed }: { readonly policed: boolean },
): AsyncGenerator<readonly string[]> {
  let after = FIRST_ID
  while (true) {
    const accounts = kysely.selectFrom('account').select('id').where('id', '>', after)
    const chosen = policed ? accounts.where('role', 'not in', ['support', 'admin']) : accounts
    // oxlint-disable-next-line no-await-in-loop -- each batch begins behind the one before
    const rows = await chosen.orderBy('id').limit(BATCH).execute()
    const ids = rows.map(({ id }) => id)
    if (ids.length > 0) yield ids
    if (ids.length < BATCH) return
    after = ids.at(-1) ?? after
  }
}
