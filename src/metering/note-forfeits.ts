import { sql } from 'kysely'

import type { Database } from '../database/connect.ts'
import type { Forfeit, Partition, QuotaStore } from '../quota/store.ts'

/**
 * Enters grants that nobody settled in the ledger, and has the store forget them. What their records explain, shipped before or
 * after, is taken off: the rest was lost.
 */
export async function noteForfeits(
  { kysely }: Pick<Database, 'kysely'>,
  store: Pick<QuotaStore, 'forfeits' | 'noteForfeits'>,
): Promise<void> {
  const forfeits = await store.forfeits()
  if (forfeits.length === 0) return
  await sql`select ledger_note_forfeits(
    ${forfeits.map(({ id }) => id)}::uuid[], ${forfeits.map(accountOf)}::uuid[], ${forfeits.map(({ points }) => points)}::int[],
    ${forfeits.map(({ takenAtUs }) => takenAtUs)}::float8[], ${forfeits.map(({ forfeitedAtUs }) => forfeitedAtUs)}::float8[]
  )`.execute(kysely)
  await store.noteForfeits(forfeits.map(({ id }) => id))
}

/**
 * Partitions of which every grant draws on one: together they tell what was drawn by each account, and by everybody without
 * credentials.
 */
export const DEBITED_PARTITIONS: readonly Partition[] = ['day', 'control', 'service-anonymous']

/** Whose points they were; null: of somebody without credentials. */
function accountOf({ claims }: Forfeit): string | null {
  const debited = claims.find(({ partition }) => DEBITED_PARTITIONS.includes(partition))
  return debited === undefined || debited.partition === 'service-anonymous' ? null : debited.subject
}
