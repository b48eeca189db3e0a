import type { Database } from '../database/connect.ts'
import { runRows } from '../database/run-statement.ts'

/**
 * Sessions (UUID) were used last at these times, in milliseconds since 1970, or later. It waits for nobody: a session whose row
 * somebody holds is being refreshed or ended just now, and left as it is.
 * @throws {ApiError} UNAVAILABLE or DB_TIME_EXCEEDED
 */
export async function writeSessionUses(
  database: Database,
  uses: ReadonlyMap<string, number>,
): Promise<void> {
  await runRows(database, { text: WRITE_USES, values: [[...uses.keys()], [...uses.values()]] })
}

const WRITE_USES = `
  with held as materialized (
    select id from session where id = any ($1::uuid[]) for no key update skip locked
  )
  update session s set last_used_at = greatest(s.last_used_at, to_timestamp(u.ms / 1000))
  from unnest($1::uuid[], $2::float8[]) as u (id, ms)
  where s.id = u.id and s.id in (select id from held)`
