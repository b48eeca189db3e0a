import type { Clock } from '../clock.ts'
import type { Database } from '../database/connect.ts'
import type { Principal } from './principal.ts'
import { type Use, writeUses } from './write-uses.ts'

export interface UseRecorder {
  /** Counts one operation of whoever this is; anonymous ones are nobody's. */
  readonly count: (principal: Principal) => void
  /**
   * The database has what was counted so far, but for rows that somebody else holds: those are kept for the next time. So is
   * everything where it rejects.
   */
  readonly flush: () => Promise<void>
  /** As flush, for the last time. Never rejects. */
  readonly close: () => Promise<void>
}

export interface UseRecorderOptions {
  readonly database: Database
  readonly clock: Clock
  readonly onFailure: (error: unknown) => void
}

const EVERY_MS = 5000

/** Counts the calls of keys and sessions, and tells the database every five seconds: a request never waits for it. */
export function createUseRecorder({ database, clock, onFailure }: UseRecorderOptions): UseRecorder {
  let uses = new Map<string, Use>()
  let written = Promise.resolve()
  const timer = setInterval(() => void flush().catch(onFailure), EVERY_MS).unref()

  function add(who: Omit<Use, 'calls' | 'lastMs'>, calls: number, lastMs: number): void {
    const id = who.keyId ?? who.sessionId ?? who.accountId
    const known = uses.get(id)
    if (known === undefined) {
      const { accountId, keyId, sessionId } = who
      uses.set(id, { accountId, keyId, sessionId, calls, lastMs })
      return
    }
    known.calls += calls
    known.lastMs = Math.max(known.lastMs, lastMs)
  }

  async function write(): Promise<void> {
    if (uses.size === 0) return
    const told = [...uses.values()]
    uses = new Map()
    let kept: readonly Use[] = told
    try {
      kept = await writeUses(database, told)
    } finally {
      for (const use of kept) add(use, use.calls, use.lastMs)
    }
  }

  /** One at a time, each with all that was counted before it. */
  function flush(): Promise<void> {
    const writing = written.then(write)
    written = writing.catch(() => {})
    return writing
  }

  return {
    count({ accountId, keyId, sessionId }) {
      if (accountId !== null) add({ accountId, keyId, sessionId }, 1, clock().getTime())
    },
    flush,
    close() {
      clearInterval(timer)
      return flush().catch(onFailure)
    },
  }
}
