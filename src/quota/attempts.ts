import { BoundedMap } from './bounded-map.ts'
import type { BudgetLevel } from './quota.ts'
import type { Budget } from './store.ts'

export type BucketBudget = Budget & { readonly kind: 'bucket' }

/**
 * What refusals and first compilations may cost a gateway, per subject. Kept in this process alone: it protects its own
 * processor, and a refusal must not cost a call.
 */
export interface Attempts {
  /** Milliseconds until the subject may try again; 0 where it may. */
  waitMs(subject: string): number
  /** Draws on the budget, below nothing if need be. */
  take(subject: string, amount: number): void
  level(subject: string): BudgetLevel
}

/** Attempts by this policy; times in ms of a clock that never jumps. */
export function createAttempts(budget: BucketBudget, monotonic: () => number): Attempts {
  const drawn = new BoundedMap<{ points: number; atMs: number }>(SUBJECTS_MAX)
  const { capacity, restorePerSecond } = budget

  function drawnNow(subject: string, nowMs: number): number {
    const entry = drawn.get(subject)
    if (entry === undefined) return 0
    return Math.max(0, entry.points - ((nowMs - entry.atMs) / 1000) * restorePerSecond)
  }

  return {
    waitMs(subject) {
      const remaining = capacity - drawnNow(subject, monotonic())
      return remaining >= 1 ? 0 : ((1 - remaining) / restorePerSecond) * 1000
    },
    take(subject, amount) {
      const atMs = monotonic()
      drawn.set(subject, { points: Math.min(2 * capacity, drawnNow(subject, atMs) + amount), atMs })
    },
    level(subject) {
      const points = Math.min(capacity, drawnNow(subject, monotonic()))
      return {
        partition: 'attempts',
        budget,
        remaining: capacity - points,
        resetMs: (points / restorePerSecond) * 1000,
      }
    },
  }
}

const SUBJECTS_MAX = 50_000
