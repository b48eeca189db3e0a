import type { Database } from '../database/connect.ts'
import { runRows } from '../database/run-statement.ts'

/** Operations of one key, of one session, or of an account whose sessions are kept elsewhere. Ids are UUIDs. */
export interface Use {
  readonly accountId: string
  readonly keyId: string | null
  readonly sessionId: string | null
  calls: number
  /** Milliseconds since 1970. */
  lastMs: number
}

/**
 * Adds these uses to what the database counts, in one statement, and answers those that it did not add: somebody else holds
 * their rows. It waits for nobody, so that it never stands in a circle with an act that waits for it. What belongs to no row any
 * more is dropped.
 * @throws {ApiError} UNAVAILABLE or DB_TIME_EXCEEDED; nothing was added then, as far as anybody knows
 */
export async function writeUses(database: Database, uses: readonly Use[]): Promise<readonly Use[]> {
  const rows = await runRows(database, {
    text: WRITE_USES,
    values: [
      uses.map(({ accountId }) => accountId),
      uses.map(({ keyId }) => keyId),
      uses.map(({ sessionId }) => sessionId),
      uses.map(({ calls }) => calls),
      uses.map(({ lastMs }) => lastMs),
    ],
  })
  const held = new Set(rows.map(([position]) => Number(position) - 1))
  return uses.filter((_use, position) => held.has(position))
}

const WRITE_USES = `
  with used as materialized (
    select position, account_id, key_id, session_id, calls, to_timestamp(last_ms / 1000) as at
    from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::float8[]) with ordinality
      as u (account_id, key_id, session_id, calls, last_ms, position)
  ), accounts as materialized (
    select id from account where id in (select account_id from used) for no key update skip locked
  ), keys as materialized (
    select id from api_key where id in (select key_id from used) for no key update skip locked
  ), sessions as materialized (
    select id from session where id in (select session_id from used) for no key update skip locked
  ), taken as materialized (
    select * from used
    where account_id in (select id from accounts)
      and (key_id is null or key_id in (select id from keys))
      and (session_id is null or session_id in (select id from sessions))
  ), counted_keys as (
    update api_key k set calls = k.calls + u.calls, last_used_at = greatest(k.last_used_at, u.at)
    from taken u where k.id = u.key_id
  ), counted_sessions as (
    update session s set last_used_at = greatest(s.last_used_at, u.at)
    from taken u where s.id = u.session_id
  ), counted_accounts as (
    update account a set
      key_calls = a.key_calls + u.key_calls,
      session_calls = a.session_calls + u.session_calls,
      last_seen_at = greatest(a.last_seen_at, u.at)
    from (
      select account_id, max(at) as at,
        coalesce(sum(calls) filter (where key_id is not null), 0) as key_calls,
        coalesce(sum(calls) filter (where key_id is null), 0) as session_calls
      from taken group by account_id
    ) u
    where a.id = u.account_id
  )
  select position from used u
  where position not in (select position from taken)
    and exists (select from account a where a.id = u.account_id)
    and (key_id is null or exists (select from api_key k where k.id = u.key_id))
    and (session_id is null or exists (select from session s where s.id = u.session_id))`
