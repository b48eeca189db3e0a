import { expect, vi } from 'vitest'
import { PATIENTLY } from './patiently.ts'
import { query } from './postgres.ts'

/** Resolves once one gateway hears what changes in the database at this address. */
export async function untilListening(url: string): Promise<void> {
  const text = `select from pg_stat_activity where datname = current_database() and query like 'listen%'`
  await vi.waitFor(async () => expect(await query(url, text)).toHaveLength(1), PATIENTLY)
}
