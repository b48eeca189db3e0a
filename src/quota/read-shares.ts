import type { Kysely } from 'kysely'

import type { DB } from '../database/tables.generated.ts'
import type { Shares } from './shares.ts'

/** The shares that hold now: as they were counted last. */
export async function readShares(kysely: Kysely<DB>): Promise<Shares> {
  const month = await kysely
    .selectFrom('bill_month')
    .select(['capacity', 'capacity_of_slowed'])
    .orderBy('month', 'desc')
    .limit(1)
    .executeTakeFirst()
  const rows = await kysely
    .selectFrom('quota_share')
    .select(['account_id', 'restore_per_second'])
    .execute()
  const rates = new Map<string, number>()
  let anonymousRate: number | null = null
  for (const { account_id: id, restore_per_second: rate } of rows) {
    if (id === null) anonymousRate = rate
    else rates.set(id, rate)
  }
  return { month: monthOf(month), rates, anonymousRate }
}

function monthOf(
  row: { readonly capacity: number | null; readonly capacity_of_slowed: number | null } | undefined,
): Shares['month'] {
  if (row === undefined || row.capacity === null) return null
  return { capacity: row.capacity, capacityOfSlowed: row.capacity_of_slowed ?? row.capacity }
}
