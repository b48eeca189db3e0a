import { ownOrPublic } from '../../community/visible-rows.ts'
import type { Rows } from '../plan/source.ts'

export const measurementSetRows: Rows = {
  table: 'measurement_set',
  prefix: 'set',
  owner: 'account_id',
  visibleTo: (row, reader) => ownOrPublic(row, reader, 'own-sets:read'),
}
