import { sql, type Transaction } from 'kysely'
import type { DB } from '../../database/tables.generated.ts'

/**
 * Nothing in the database tells of the account any more: its rows go, and what it made for all, or did to others, forgets
 * whose that was. Its keys and sessions open nothing from now on: the database tells every gateway.
 */
export async function eraseAccount(trx: Transaction<DB>, accountId: string): Promise<void> {
  // Thousands of sets take longer than a request usually may, and half of it is no choice.
  await sql`set local statement_timeout = '8s'`.execute(trx)
  const keys = await trx
    .selectFrom('api_key')
    .select('id')
    .where('account_id', '=', accountId)
    .execute()
  await trx
    .updateTable('audit')
    .set({ actor_id: null, credential_id: null })
    .where('actor_id', '=', accountId)
    .execute()
  await trx.deleteFrom('mail').where('account_id', '=', accountId).execute()
  await trx.deleteFrom('account').where('id', '=', accountId).execute()
  // Of years, perhaps: what the ledger says of it is forgotten behind the request.
  await trx.insertInto('usage_erasure').values({ erased_id: accountId }).execute()
  // Last, and locked in the order in which everybody locks budgets.
  const subjects = [accountId, ...keys.map(({ id }) => id)]
  await sql`delete from quota_budget b using (
    select partition, subject from quota_budget
    where partition = any (${OWN_PARTITIONS}) and subject = any (${subjects}::text[])
    order by partition, subject for update
  ) as own where b.partition = own.partition and b.subject = own.subject`.execute(trx)
}

/** Partitions of budgets whose subject is an account or a key. */
export const OWN_PARTITIONS: readonly string[] = ['burst', 'day', 'control', 'key-burst', 'key-day']
