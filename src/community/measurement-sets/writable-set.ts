import type { Kysely, Transaction } from 'kysely'
import type { DB } from '../../database/tables.generated.ts'
import { writableBy, type Writer } from '../writable-rows.ts'

/** The set that the caller may change; null where there is none. */
export async function findWritableSet(kysely: Kysely<DB>, writer: Writer, id: string | null) {
  return (await writableSet(kysely, writer, id).executeTakeFirst()) ?? null
}

/** As `findWritableSet`; nobody else changes it until the transaction is through. */
export async function lockSet(trx: Transaction<DB>, writer: Writer, id: string | null) {
  return (await writableSet(trx, writer, id).forUpdate().executeTakeFirst()) ?? null
}

function writableSet(kysely: Kysely<DB>, writer: Writer, id: string | null) {
  return kysely
    .selectFrom('measurement_set')
    .selectAll()
    .where('id', '=', id)
    .where(writableBy(writer, 'measurement_set'))
}
