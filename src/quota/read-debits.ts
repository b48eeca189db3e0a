import type pg from 'pg'

import type { Database } from '../database/connect.ts'
import type { Debits, Partition } from './store.ts'
import { ALL_FORFEITS, type ForfeitRow, forfeitOf } from './forfeit-rows.ts'

/**
 * What was drawn on every budget of these partitions, all of it at one moment: nobody reserves or settles while the moment is
 * chosen, and everybody does while it is read.
 */
export async function readDebits(
  { pool }: Pick<Database, 'pool'>,
  partitions: readonly Partition[],
): Promise<Debits> {
  const keeper = await pool.connect()
  const reader = await pool.connect()
  let isDone = false
  try {
    await reader.query(BEGIN)
    const { snapshot, atUs } = await still(keeper)
    await reader.query(`set transaction snapshot '${snapshot}'`)
    await keeper.query('commit')
    const drawn = await reader.query<{ subject: string; points: string }>(DRAWN, [partitions])
    const open = await reader.query<{ grant_id: string; us: number }>(OPEN)
    const forfeits = await reader.query<ForfeitRow>(ALL_FORFEITS)
    await reader.query('commit')
    isDone = true
    return {
      atUs,
      bySubject: new Map(drawn.rows.map(({ subject, points }) => [subject, Number(points)])),
      open: new Set(open.rows.map(({ grant_id: id }) => id)),
      openSinceUs: Math.min(atUs, ...open.rows.map(({ us }) => us)),
      forfeits: forfeits.rows.map(forfeitOf),
    }
  } finally {
    // Whatever they are in the middle of ends with them.
    keeper.release(!isDone)
    reader.release(!isDone)
  }
}

const BEGIN = 'begin isolation level repeatable read'

/** Stops all changes to budgets, names a moment, and how things stood then; they go on once the client commits. */
async function still(
  client: pg.PoolClient,
): Promise<{ readonly snapshot: string; readonly atUs: number }> {
  await client.query(BEGIN)
  // Whoever reserves locks a row of it before it looks at the clock.
  await client.query('lock table quota_budget in share mode')
  const { rows } = await client.query<{ snapshot: string; us: string }>(
    'select pg_export_snapshot() as snapshot, trunc(1e6 * extract(epoch from clock_timestamp()))::bigint as us',
  )
  const [row] = rows
  if (row === undefined) throw new Error('The database named no moment.')
  return { snapshot: row.snapshot, atUs: Number(row.us) }
}

const OPEN =
  'select grant_id, trunc(1e6 * extract(epoch from taken_at))::float8 as us from quota_grant'

const DRAWN = `
  with held as (
    select partition, subject, sum(points) as points
    from quota_grant cross join unnest(partitions, subjects) as c (partition, subject) group by 1, 2
  )
  select b.subject, sum(b.reserved - b.refunded - coalesce(h.points, 0)) as points
  from quota_budget b left join held h on h.partition = b.partition and h.subject = b.subject
  where b.partition = any ($1) group by 1`
