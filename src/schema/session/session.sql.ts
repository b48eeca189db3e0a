import { sql } from 'kysely'
import type { Rows } from '../plan/source.ts'
import { ownOnly } from '../../community/visible-rows.ts'

/** Sessions that are open: the reader's own. */
export const sessionRows: Rows = {
  table: 'session',
  prefix: 'ses',
  owner: 'account_id',
  visibleTo: (row, reader) => sql`${ownOnly(row, reader, 'own-sessions:read')} and ${isOpen(row)}`,
}

export function isOpen(row: string) {
  return sql`${sql.ref(`${row}.ended_at`)} is null and ${sql.ref(`${row}.expires_at`)} > now()`
}
