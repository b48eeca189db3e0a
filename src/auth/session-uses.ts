import type { Clock } from '../clock.ts'
import type { Database } from '../database/connect.ts'
import type { Principal } from './principal.ts'
import { writeSessionUses } from './write-session-uses.ts'

/** When sessions were used last. What keys and accounts did is counted from the ledger, which knows of no session. */
export interface SessionUses {
  /** Notes that this is being used now; whoever has no session here is left out. */
  readonly note: (principal: Pick<Principal, 'sessionId'>) => void
  /** The database has what was noted so far; where it rejects, that is kept for the next time. */
  readonly flush: () => Promise<void>
  /** As flush, for the last time. Never rejects. */
  readonly close: () => Promise<void>
}

export interface SessionUsesOptions {
  readonly database: Database
  readonly clock: Clock
  readonly onFailure: (error: unknown) => void
}

const EVERY_MS = 5000

/** Tells the database every five seconds: a request never waits for it. */
export function createSessionUses({ database, clock, onFailure }: SessionUsesOptions): SessionUses {
  let uses = new Map<string, number>()
  let written = Promise.resolve()
  const timer = setInterval(() => void flush().catch(onFailure), EVERY_MS).unref()

  function add(sessionId: string, atMs: number): void {
    uses.set(sessionId, Math.max(atMs, uses.get(sessionId) ?? 0))
  }

  async function write(): Promise<void> {
    if (uses.size === 0) return
    const told = uses
    uses = new Map()
    try {
      await writeSessionUses(database, told)
    } catch (error) {
      for (const [sessionId, atMs] of told) add(sessionId, atMs)
      throw error
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
