import type { Principal } from '../auth/principal.ts'
import { isNarrower, StandingNarrowed } from '../auth/standing-narrowed.ts'
import { ApiError } from '../errors.ts'
import type { Exchange } from './exchange.ts'

/** A request that runs for somebody. */
export interface RunningRequest {
  readonly principal: Principal
  readonly exchange: Pick<Exchange, 'abort'>
  /** Who sends it, asked anew. */
  readonly authenticate: () => Principal | Promise<Principal>
}

/** The requests that run at this moment, and what becomes of them when a credential changes. */
export interface RunningRequests {
  enter(request: RunningRequest): void
  leave(request: RunningRequest): void
  /**
   * Those of this key, session or account (UUID), or all of them, end where they would be refused now, with that refusal, or
   * may do less now, with a StandingNarrowed. Never rejects.
   */
  recheck(id?: string): Promise<void>
}

export function createRunningRequests(): RunningRequests {
  const running = new Set<RunningRequest>()
  return {
    enter: (request) => void running.add(request),
    leave: (request) => void running.delete(request),
    async recheck(id) {
      const concerned = [...running].filter(
        ({ principal }) =>
          principal.accountId !== null && (id === undefined || isOf(principal, id)),
      )
      await Promise.all(concerned.map(endRefused))
    },
  }
}

function isOf({ accountId, keyId, sessionId }: Principal, id: string): boolean {
  return accountId === id || keyId === id || sessionId === id
}

async function endRefused({ principal, exchange, authenticate }: RunningRequest): Promise<void> {
  try {
    const now = await authenticate()
    if (isNarrower(now.standing, principal.standing)) exchange.abort(new StandingNarrowed(now))
  } catch (error) {
    // Where the database can not say, nothing is known against it.
    if (error instanceof ApiError && error.status < 500) exchange.abort(error)
  }
}
