import { sql } from 'kysely'
import { holds } from '../../auth/check-scope.ts'
import type { PageOrder, Rows } from '../plan/source.ts'

/** The account of the principal itself: no other row is ever asked for. */
export const ownAccountRows: Rows = {
  table: 'account',
  prefix: 'acc',
  owner: 'id',
  visibleTo: () => null,
}

/** The reader's own account, whichever row is asked for. */
export const readerRows: Rows = {
  ...ownAccountRows,
  visibleTo: (row, reader) => sql`${sql.ref(`${row}.id`)} = ${reader.me}`,
}

/** Accounts as others see them: those that are active and have consented, one's own, and all from level 5. */
export const accountProfileRows: Rows = {
  table: 'account',
  prefix: 'acc',
  owner: 'id',
  visibleTo(row, reader) {
    if (holds(reader.standing, 'accounts:read')) return null
    const open = sql`${sql.ref(`${row}.status`)} = 'active' and ${sql.ref(`${row}.consent`)} <> 'none'`
    return reader.standing.kind === 'anonymous'
      ? open
      : sql`${sql.ref(`${row}.id`)} = ${reader.me} or ${open}`
  },
}

export const ACCOUNT_ORDERS = {
  USERNAME: { tag: 'username', column: 'username_key', type: 'text' },
} as const satisfies Record<string, PageOrder>
