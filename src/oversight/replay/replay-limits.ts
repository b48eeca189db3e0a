import type { Claims } from '../../quota/claims.ts'
import type { Budget, Claim, Partition } from '../../quota/store.ts'

/** An operation that ran, as the ledger has it. */
export interface RanOperation {
  /** Milliseconds since 1970. */
  readonly atMs: number
  /** Points: what it could cost at most, and what it cost. */
  readonly estimated: number
  readonly points: number
}

/** What would have refused an operation: a budget, or the ceiling of one operation. */
export type Refuser = Partition | 'ceiling'

export interface LimitReplay {
  /**
   * What would have refused this operation under these claims, null: nothing; its points are drawn then. Operations of the
   * subjects of the claims come in the order of time.
   */
  readonly run: (
    claims: Pick<Claims, 'claims' | 'ceiling'>,
    operation: RanOperation,
  ) => Refuser | null
}

/** Whether everybody draws on it: one account alone does not tell how full it is. */
export function isShared({ partition }: Pick<Claim, 'partition'>): boolean {
  return partition.startsWith('service-')
}

/** Budgets by recorded traffic: buckets and windows as a store keeps them, one operation after the other. */
export function createLimitReplay(): LimitReplay {
  const levels = new Map<string, Drawn>()
  return {
    run({ claims, ceiling }, { atMs, estimated, points }) {
      if (estimated > ceiling) return 'ceiling'
      const drawn = claims.map((claim) => drawnAt(levels.get(keyOf(claim)), claim.budget, atMs))
      const short = claims.find(({ budget }, i) => budget.capacity - (drawn[i] ?? 0) < estimated)
      if (short !== undefined) return short.partition
      for (const [i, claim] of claims.entries()) {
        levels.set(keyOf(claim), { points: (drawn[i] ?? 0) + points, atMs })
      }
      return null
    },
  }
}

interface Drawn {
  readonly points: number
  readonly atMs: number
}

function keyOf({ partition, subject }: Claim): string {
  return `${partition} ${subject}`
}

/** What is still drawn on a budget at a moment. */
function drawnAt(drawn: Drawn | undefined, budget: Budget, atMs: number): number {
  if (drawn === undefined) return 0
  if (budget.kind === 'window') {
    return windowOf(budget.window, drawn.atMs) === windowOf(budget.window, atMs) ? drawn.points : 0
  }
  const passedSeconds = Math.max(0, atMs - drawn.atMs) / 1000
  return Math.max(0, drawn.points - passedSeconds * budget.restorePerSecond)
}

/** The day or month, in UTC. */
function windowOf(window: 'day' | 'month', atMs: number): string {
  return new Date(atMs).toISOString().slice(0, window === 'day' ? 10 : 7)
}
