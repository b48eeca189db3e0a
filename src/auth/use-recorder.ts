import type { Clock } from '../clock.ts'
import type { Database } from '../database/connect.ts'
import type { Principal } from './principal.ts'
import { writeUses } from './write-uses.ts'

export interface UseRecorder {
  /** Notes that this session was used now; whoever has none of ours leaves no trace here. */
  readonly note: (principal: Pick<Principal, 'sessionId'>) => void
  /**
   * The database has what was noted so far, but for sessions that somebody else holds: those are kept for the next time. So is
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

/**
 * Notes when sessions were last used, and tells the database every five seconds: a request never waits for it. What keys and
 * accounts did is in the records of the meter, which know of no session.
 */
export function createUseRecorder({ database, clock, onFailure }: UseRecorderOptions): UseRecorder {
  let uses = new Map<string, number>()
  let written = Promise.resolve()
  const timer = setInterval(() => void flush().catch(onFailure), EVERY_MS).unref()

  function add(sessionId: string, lastMs: number): void {
    uses.set(sessionId, Math.max(uses.get(sessionId) ?? lastMs, lastMs))
  }

  async function write(): Promise<void> {
    if (uses.size === 0) return
    const told = uses
    uses = new Map()
    let kept: ReadonlyMap<string, number> = told
    try {
      kept = await writeUses(database, told)
    } finally {
      for (const [sessionId, lastMs] of kept) add(sessionId, lastMs)
    }
  }

  /** One at a time, each with all that was noted before it. */
  function flush(): Promise<void> {
    const writing = written.then(write)
    written = writing.catch(() => {})
    return writing
  }

  return {
    note({ sessionId }) {
      if (sessionId !== null) add(sessionId, clock().getTime())
    },
    flush,
    close() {
      clearInterval(timer)
      return flush().catch(onFailure)
    },
  }
}
