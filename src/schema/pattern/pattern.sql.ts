import { ownOrPublic } from '../../community/visible-rows.ts'
import type { Rows } from '../plan/source.ts'

export const patternRows: Rows = {
  table: 'pattern',
  prefix: 'pat',
  owner: 'account_id',
  visibleTo: (row, reader) => ownOrPublic(row, reader, 'own-patterns:read'),
}
