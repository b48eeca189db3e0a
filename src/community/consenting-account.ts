import type { Transaction } from 'kysely'
import type { DB } from '../database/tables.generated.ts'

/** The account whose owner consents to measurements being processed, and does until the transaction is through; null for any other. */
export async function consentingAccount(trx: Transaction<DB>, accountId: string) {
  const account = await trx
    .selectFrom('account')
    .select(['id', 'units', 'language'])
    .where('id', '=', accountId)
    .where('consent', '=', 'measurements')
    .forKeyShare()
    .executeTakeFirst()
  return account ?? null
}
