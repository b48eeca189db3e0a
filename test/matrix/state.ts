import type pg from 'pg'

/** What budgets and counters of use write: every request does, refused or not. */
const WRITTEN_BY_REQUESTS = /^(quota_|guess$|job$|gateway$|kysely_)/
const COUNTERS = "'{calls,key_calls,session_calls,last_used_at,last_seen_at}'::text[]"

/** Staff that reads what is another's leaves a trace in that account's log. */
const TRACES = "coalesce(to_jsonb(t) ->> 'action', '') like 'read-%'"

/** Table -> a digest of all its rows, but for what every request writes. */
export async function stateOf({
  pool,
}: {
  readonly pool: pg.Pool
}): Promise<Readonly<Record<string, unknown>>> {
  const { rows } = await pool.query<{ readonly name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' order by 1",
  )
  const names = rows.map(({ name }) => name).filter((name) => !WRITTEN_BY_REQUESTS.test(name))
  const digests = names.map(async (name) => {
    const digest = await pool.query<{ readonly digest: string | null }>(
      `select md5(string_agg(row, '' order by row)) as digest from (select (to_jsonb(t) - ${COUNTERS})::text as row from "${name}" t where not ${TRACES}) rows`,
    )
    return [name, digest.rows[0]?.digest] as const
  })
  return Object.fromEntries(await Promise.all(digests))
}
