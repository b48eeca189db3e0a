import { sql } from 'kysely'
import type { Clock } from '../clock.ts'
import type { Database } from '../database/connect.ts'
import type { Principal } from './principal.ts'

export interface UseRecorder {
  /** Counts one operation of whoever this is; anonymous ones are nobody's. */
  readonly count: (principal: Principal) => void
  /** The database has what was counted so far; what it could not be told is kept for the next time. */
  readonly flush: () => Promise<void>
  /** As flush, for the last time. */
  readonly close: () => Promise<void>
}

export interface UseRecorderOptions {
  readonly database: Pick<Database, 'kysely'>
  readonly clock: Clock
  readonly onFailure: (error: unknown) => void
}

const EVERY_MS = 1000

interface Use {
  readonly accountId: string
  readonly keyId: string | null
  readonly sessionId: string | null
  calls: number
  lastMs: number
}

/** Counts the calls of keys and sessions, and tells the database once a second: a request never waits for it. */
export function createUseRecorder({ database, clock, onFailure }: UseRecorderOptions): UseRecorder {
  let uses = new Map<string, Use>()
  let writing: Promise<void> | null = null
  const timer = setInterval(() => void flush().catch(onFailure), EVERY_MS)
  timer.unref()

  async function write(): Promise<void> {
    if (uses.size === 0) return
    const told = uses
    uses = new Map()
    try {
      await store(database, [...told.values()])
    } catch (error) {
      for (const use of told.values()) add(use)
      throw error
    }
  }

  function add({ calls, lastMs, ...who }: Use): void {
    const id = who.keyId ?? who.sessionId ?? who.accountId
    const known = uses.get(id)
    if (known === undefined) {
      uses.set(id, { ...who, calls, lastMs })
      return
    }
    known.calls += calls
    known.lastMs = Math.max(known.lastMs, lastMs)
  }

  /** One at a time. */
  function flush(): Promise<void> {
    writing ??= write().finally(() => {
      writing = null
    })
    return writing
  }

  return {
    count({ accountId, keyId, sessionId }) {
      if (accountId === null) return
      add({ accountId, keyId, sessionId, calls: 1, lastMs: clock().getTime() })
    },
    flush,
    async close() {
      clearInterval(timer)
      await writing?.catch(() => {})
      await flush()
    },
  }
}

/** In one statement, so that nothing of it is counted twice. */
async function store({ kysely }: Pick<Database, 'kysely'>, uses: readonly Use[]): Promise<void> {
  await sql`
    with used as (
      select account_id, key_id, session_id, calls, to_timestamp(last_ms / 1000) as at
      from unnest(
        ${uses.map(({ accountId }) => accountId)}::uuid[],
        ${uses.map(({ keyId }) => keyId)}::uuid[],
        ${uses.map(({ sessionId }) => sessionId)}::uuid[],
        ${uses.map(({ calls }) => calls)}::int[],
        ${uses.map(({ lastMs }) => lastMs)}::float8[]
      ) as u (account_id, key_id, session_id, calls, last_ms)
    ), keys as (
      update api_key k set calls = k.calls + u.calls, last_used_at = greatest(k.last_used_at, u.at)
      from used u where k.id = u.key_id
    ), sessions as (
      update session s set last_used_at = greatest(s.last_used_at, u.at) from used u where s.id = u.session_id
    )
    update account a set
      key_calls = a.key_calls + u.key_calls,
      session_calls = a.session_calls + u.session_calls,
      last_seen_at = greatest(a.last_seen_at, u.at)
    from (
      select account_id, max(at) as at,
        coalesce(sum(calls) filter (where key_id is not null), 0) as key_calls,
        coalesce(sum(calls) filter (where key_id is null), 0) as session_calls
      from used group by account_id
    ) u where a.id = u.account_id`.execute(kysely)
}
