import { sql } from 'kysely'
import { holds } from '../../auth/check-scope.ts'
import type { Rows } from '../plan/source.ts'

/** Curated sets are public data once they are published, and until they are retired; curators see the others too. */
export const curatedSetRows: Rows = {
  table: 'curated_set',
  prefix: 'cur',
  owner: 'curator_id',
  visibleTo: (row, { standing }) =>
    holds(standing, 'curated-sets:write')
      ? null
      : sql`${sql.ref(`${row}.publication`)} = 'published'`,
}
