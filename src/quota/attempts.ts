import { BoundedMap } from './bounded-map.ts'
import type { BudgetLevel } from './quota.ts'
import type { Budget } from './store.ts'

/** Whose attempts, and how many there are. */
export interface AttemptsClaim {
  readonly subject: string
  readonly budget: Budget & { readonly kind: 'bucket' }
}

/**
 * What refusals and first compilations may cost a gateway, per subject. Kept in this process alone: it protects its own
 * processor, and a refusal must not cost a call.
 */
export interface Attempts {
  /** Milliseconds until the subject may try again; 0 where it may. */
  waitMs(claim: AttemptsClaim): number
  /** Draws on the budget, below nothing if need be. */
  take(claim: AttemptsClaim, amount: number): void
  level(claim: AttemptsClaim): BudgetLevel
}

/** Attempts by a clock, in ms, that never jumps. */
export function createAttempts(monotonic: () => number): Attempts {
  const drawn = new BoundedMap<{ points: number; atMs: number }>(SUBJECTS_MAX)

  function drawnNow({ subject, budget }: AttemptsClaim, nowMs: number): number {
    const entry = drawn.get(subject)
    if (entry === undefined) return 0
    return Math.max(0, entry.points - ((nowMs - entry.atMs) / 1000) * budget.restorePerSecond)
  }

  return {
    waitMs(claim) {
      const remaining = claim.budget.capacity - drawnNow(claim, monotonic())
      return remaining >= 1 ? 0 : ((1 - remaining) / claim.budget.restorePerSecond) * 1000
    },
    take(claim, amount) {
      const atMs = monotonic()
      // However long it was hammered: once it stops, it waits for one full budget at most.
      const points = Math.min(2 * claim.budget.capacity, drawnNow(claim, atMs) + amount)
      drawn.set(claim.subject, { points, atMs })
    },
    level(claim) {
      const { capacity, restorePerSecond } = claim.budget
      const points = drawnNow(claim, monotonic())
      return {
        partition: 'attempts',
        budget: claim.budget,
        remaining: Math.max(0, capacity - points),
        resetMs: (points / restorePerSecond) * 1000,
      }
    },
  }
}

const SUBJECTS_MAX = 50_000
