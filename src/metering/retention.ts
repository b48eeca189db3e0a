import { sql } from 'kysely'

import type { Clock } from '../clock.ts'
import type { Database } from '../database/connect.ts'

/** For how long the ledger is kept: its single lines in days, its roll-ups in months. */
export interface Retention {
  readonly recordDays: number
  readonly usageMonths: number
}

/**
 * Drops the months of the ledger that are over, whole: none that has a moment which is still to be kept. What they came to is
 * brought forward. Makes the months that begin soon.
 */
export async function keepLedger(
  { kysely }: Pick<Database, 'kysely'>,
  clock: Clock,
  { recordDays, usageMonths }: Retention,
): Promise<void> {
  const now = clock()
  const records = new Date(now.getTime() - recordDays * DAY_MS)
  const usage = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - usageMonths, 1))
  await kysely.transaction().execute(async (trx) => {
    await sql`select ledger_drop_months('usage_record', ${records})`.execute(trx)
    await sql`
      select ledger_drop_months(parent, ${usage}) from unnest(array['usage_hour', 'usage_day', 'usage_apart', 'usage_refusal']) as p (parent)`.execute(
      trx,
    )
    await sql`
      with gone as (delete from ledger_entry where created_at < ${usage} returning account_id, points - explained as points)
      insert into ledger_brought_forward as b (account_id, points) select account_id, sum(points) from gone group by 1
      on conflict (account_id) do update set points = b.points + excluded.points`.execute(trx)
    await trx
      .deleteFrom('usage_document')
      .where('noted_at', '<', new Date(records.getTime() - DOCUMENTS_KEPT_MS))
      .execute()
    await trx
      .deleteFrom('meter_segment')
      .where('removed_at', '<', new Date(now.getTime() - DAY_MS))
      .execute()
    await trx
      .deleteFrom('meter_gateway')
      .where('ended_at', '<', new Date(now.getTime() - GATEWAYS_KEPT_MS))
      .execute()
  })
  const soon = new Date(now.getTime() + DAY_MS)
  await sql`
    select ledger_month(parent, month)
    from unnest(array['usage_record', 'usage_hour', 'usage_day', 'usage_apart', 'usage_refusal']) as p (parent)
    cross join unnest(${[now, soon]}::timestamptz[]) as m (month)`.execute(kysely)
}

const DAY_MS = 86_400_000
const GATEWAYS_KEPT_MS = 7 * DAY_MS
/** They are noted anew after 30 days, and months of records are dropped whole. */
const DOCUMENTS_KEPT_MS = 62 * DAY_MS
