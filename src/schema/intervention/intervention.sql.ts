import { holds } from '../../auth/check-scope.ts'
import { ownOnly } from '../../community/visible-rows.ts'
import type { PageOrder, Rows } from '../plan/source.ts'

/** Own rows; those of everybody for whoever watches over use. */
const visibleTo: Rows['visibleTo'] = (row, reader) =>
  holds(reader.standing, 'interventions:read') ? null : ownOnly(row, reader, 'own-account:read')

export const interventionRows: Rows = {
  table: 'intervention',
  prefix: 'itv',
  owner: 'account_id',
  visibleTo,
}

export const limitRequestRows: Rows = {
  table: 'limit_request',
  prefix: 'lim',
  owner: 'account_id',
  visibleTo,
}

export const LATEST_FIRST = {
  LATEST: { tag: 'latest', column: 'created_at', type: 'timestamp', isDescending: true },
} as const satisfies Record<string, PageOrder>

export const EARLIEST_FIRST = {
  EARLIEST: { tag: 'earliest', column: 'created_at', type: 'timestamp' },
} as const satisfies Record<string, PageOrder>
