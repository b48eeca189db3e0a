import { sql } from 'kysely'
import type { Rows } from '../plan/source.ts'

/** Curated sets are public data once they are published, and until they are withdrawn. */
export const curatedSetRows: Rows = {
  table: 'curated_set',
  prefix: 'cur',
  owner: 'curator_id',
  visibleTo: (row) => sql`${sql.ref(`${row}.publication`)} = 'published'`,
}
