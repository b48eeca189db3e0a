import { type RawBuilder, sql } from 'kysely'
import { holds } from '../auth/check-scope.ts'
import type { Scope, Standing } from '../auth/access.ts'

/** Who reads rows. */
export interface RowReader {
  readonly standing: Standing
  /** SQL: the account of the principal, a uuid or null. */
  readonly me: RawBuilder<unknown>
}

/**
 * Rows with an account and a public flag: those of others from level 5; one's own under the scope that opens them; public ones while
 * their owner is active and consents to measurements being processed.
 */
export function ownOrPublic(
  row: string,
  reader: RowReader,
  own: Scope,
): RawBuilder<unknown> | null {
  const account = sql.ref(`${row}.account_id`)
  if (holds(reader.standing, 'accounts:read')) {
    // Who has not consented to his own sets being processed does not meet them among those of everybody either.
    return holds(reader.standing, own) ? null : sql`${account} <> ${reader.me}`
  }
  const open = sql`${sql.ref(`${row}.public`)} and exists (
      select 1 from account where id = ${account} and status = 'active' and consent = 'measurements')`
  return holds(reader.standing, own) ? sql`${account} = ${reader.me} or (${open})` : open
}

/** Rows that nobody but their owner sees, and the owner only under this scope. */
export function ownOnly(row: string, reader: RowReader, own: Scope): RawBuilder<unknown> {
  return holds(reader.standing, own)
    ? sql`${sql.ref(`${row}.account_id`)} = ${reader.me}`
    : sql`false`
}
