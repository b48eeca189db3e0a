import { expect, vi } from 'vitest'

import { holdTables } from './held-tables.ts'
import type { TestDatabase } from './test-database.ts'
import { PATIENTLY } from './patiently.ts'

/**
 * What two acts come to that cross: the first has done all that it does but to tell the access log of it, and the second has
 * got as far as it gets before the first one is through.
 */
export async function crossed<First, Second>(
  database: TestDatabase,
  first: () => Promise<First>,
  second: () => Promise<Second>,
): Promise<[First, Second]> {
  const release = await holdTables(database, 'audit')
  const one = first()
  await waiting(database, 1)
  const other = second()
  await waiting(database, 2)
  await release()
  return Promise.all([one, other])
}

/** Until so many wait for a lock. */
async function waiting({ pool }: TestDatabase, count: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const { rows } = await pool.query(
        "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      )
      expect(rows).toHaveLength(count)
    },
    { ...PATIENTLY, interval: 5 },
  )
}
