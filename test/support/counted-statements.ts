import type { EventEmitter } from 'node:events'

import type pg from 'pg'

/**
 * Counts what the server answers on connections that the pool opens from now on: each statement, however it was sent,
 * ends in one ReadyForQuery.
 */
export function countStatements(pool: pg.Pool): { sent: number } {
  const count = { sent: 0 }
  pool.on('connect', (client) => {
    // pg's types leave this member out.
    const { connection } = client as unknown as { readonly connection: EventEmitter }
    connection.on('readyForQuery', () => (count.sent += 1))
  })
  return count
}
