import { ownOnly } from '../../community/visible-rows.ts'
import type { Rows } from '../plan/source.ts'

export const apiKeyRows: Rows = {
  table: 'api_key',
  prefix: 'key',
  owner: 'account_id',
  visibleTo: (row, reader) => ownOnly(row, reader, 'own-keys:read'),
}
