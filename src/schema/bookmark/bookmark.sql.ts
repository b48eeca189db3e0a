import { ownOnly } from '../../community/visible-rows.ts'
import type { Rows } from '../plan/source.ts'

export const bookmarkRows: Rows = {
  table: 'bookmark',
  prefix: 'bkm',
  owner: 'account_id',
  visibleTo: (row, reader) => ownOnly(row, reader, 'own-bookmarks:read'),
}
