import type { Progress } from '../schema/plan/plan.ts'

/** How far an operation came before it ended, and what was known of its cost by then. */
export interface Charged {
  /** Whole points. */
  readonly estimated: number
  readonly stage: Progress['stage']
  /** By what the statement counted; counts only once it has finished. */
  readonly actual: number
  /** Whether the client had gone. */
  readonly isAbandoned: boolean
  /** Acts whose input was refused by what the database says, before any of them ran. */
  readonly refusedActs?: number
}

/**
 * What an operation is charged, in whole points, never above its estimate.
 *
 * | its statement | charge |
 * | --- | --- |
 * | has ended | what it did, whatever went wrong afterwards, and whoever had gone |
 * | was sent | the estimate: it may have run to any point (time-out, crash, a client that left) |
 * | was not sent, as the database speaks against the input | 1 for each act asked for |
 * | was not sent, and the client had gone | 1 |
 * | was not sent, for a reason of ours | 0 |
 */
export function chargeFor({
  estimated,
  stage,
  actual,
  isAbandoned,
  refusedActs = 0,
}: Charged): number {
  if (stage === 'finished') return Math.min(estimated, actual)
  if (stage === 'sent') return estimated
  return Math.min(estimated, Math.max(refusedActs, isAbandoned ? 1 : 0))
}
