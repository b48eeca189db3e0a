import type { Kysely, Transaction } from 'kysely'
import type { DB } from '../../database/tables.generated.ts'
import { writableBy, type Writer } from '../writable-rows.ts'

/** The pattern that the caller may change; null where there is none. */
export async function findWritablePattern(kysely: Kysely<DB>, writer: Writer, id: string | null) {
  return (await writablePattern(kysely, writer, id).executeTakeFirst()) ?? null
}

/** As `findWritablePattern`; nobody else changes it until the transaction is through. */
export async function lockPattern(trx: Transaction<DB>, writer: Writer, id: string | null) {
  return (await writablePattern(trx, writer, id).forUpdate().executeTakeFirst()) ?? null
}

function writablePattern(kysely: Kysely<DB>, writer: Writer, id: string | null) {
  return kysely
    .selectFrom('pattern')
    .selectAll()
    .where('id', '=', id)
    .where(writableBy(writer, 'pattern'))
}
