import type { PageOrder, Rows } from '../plan/source.ts'
import { ownOnly } from '../../community/visible-rows.ts'

/** What was done to the reader's own account. */
export const auditRows: Rows = {
  table: 'audit',
  prefix: 'aud',
  owner: 'account_id',
  visibleTo: (row, reader) => ownOnly(row, reader, 'own-account:read'),
}

export const AUDIT_ORDERS = {
  LATEST: { tag: 'latest', column: 'created_at', type: 'timestamp', isDescending: true },
} as const satisfies Record<string, PageOrder>
