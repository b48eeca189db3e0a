import { type RawBuilder, sql } from 'kysely'
import { holds } from '../../auth/check-scope.ts'
import { ownOnly, type RowReader } from '../visible-rows.ts'

/** Own suggestions; for curators those of everybody that are theirs to decide. */
export function visibleSuggestions(row: string, reader: RowReader): RawBuilder<unknown> {
  const own = ownOnly(row, reader, 'own-sets:read')
  if (!holds(reader.standing, 'curated-sets:write')) return own
  return sql`(${own} or ${isOfOpenAccount(row)})`
}

/**
 * Whether the owner of the suggestion has an account that is open, and still consents to measurements being processed:
 * else nobody decides on it.
 */
export function isOfOpenAccount(row: string): RawBuilder<boolean> {
  return sql<boolean>`exists (
    select from account where id = ${sql.ref(`${row}.account_id`)} and status = 'active' and consent = 'measurements')`
}
