import { sql } from 'kysely'
import { holds } from '../../auth/check-scope.ts'
import { ownOnly } from '../../community/visible-rows.ts'
import type { Rows } from '../plan/source.ts'

/** The reader's own exports; those of the sets of all accounts under the scope alone that opens them. */
export const bulkExportRows: Rows = {
  table: 'bulk_export',
  prefix: 'exp',
  owner: 'account_id',
  visibleTo(row, reader) {
    const own = ownOnly(row, reader, 'own-sets:read')
    if (holds(reader.standing, 'sets:read-all')) return own
    return sql`${own} and not ${sql.ref(`${row}.is_all`)}`
  },
}
