import type { Database } from '../database/connect.ts'
import { runRows } from '../database/run-statement.ts'

/** When each session was last used, by its UUID: milliseconds since 1970. */
export type Uses = ReadonlyMap<string, number>

/**
 * Sessions were last used then, if not later, and answers those of which that is not so yet: somebody else holds their rows.
 * It waits for nobody, so that it never stands in a circle with an act that waits for it. Sessions that are gone are dropped.
 * @throws {ApiError} UNAVAILABLE or DB_TIME_EXCEEDED; nothing was written then, as far as anybody knows
 */
export async function writeUses(database: Database, uses: Uses): Promise<Uses> {
  const rows = await runRows(database, {
    text: WRITE_USES,
    values: [[...uses.keys()], [...uses.values()]],
  })
  const held = new Set(rows.map(([sessionId]) => sessionId))
  return new Map([...uses].filter(([sessionId]) => held.has(sessionId)))
}

const WRITE_USES = `
  with used as materialized (
    select session_id, to_timestamp(last_ms / 1000) as at from unnest($1::uuid[], $2::float8[]) as u (session_id, last_ms)
  ), taken as materialized (
    select id from session where id in (select session_id from used) for no key update skip locked
  ), written as (
    update session s set last_used_at = greatest(s.last_used_at, u.at)
    from used u where s.id = u.session_id and s.id in (select id from taken)
  )
  select session_id from used
  where session_id not in (select id from taken) and exists (select from session s where s.id = session_id)`
