import type { Transaction } from 'kysely'
import type { DB } from '../../database/tables.generated.ts'
import { type ActContext, accountOf } from '../../auth/act.ts'
import { record } from '../../auth/record.ts'

/** The curated set, whoever has made it; nobody else changes it until the transaction is through. null where there is none. */
export async function lockCuratedSet(trx: Transaction<DB>, id: string | null) {
  const set = await trx
    .selectFrom('curated_set')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return set ?? null
}

/** The log of whoever has made the curated set tells of it; that of whoever changes it, where its maker is gone. */
export function recordCurated(
  trx: Transaction<DB>,
  context: ActContext,
  {
    set,
    action,
  }: {
    readonly set: { readonly slug: string; readonly curator_id: string | null }
    readonly action: string
  },
): Promise<void> {
  const accountId = set.curator_id ?? accountOf(context)
  return record(trx, context, { accountId, action, subject: `cur_${set.slug}` })
}
