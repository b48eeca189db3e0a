import type { BudgetLevel } from './quota.ts'
import type { Claim, Level } from './store.ts'

/** What a store said of some claims, and when (milliseconds of a clock that never jumps). */
export interface Reading {
  readonly claims: readonly Claim[]
  readonly levels: readonly Level[]
  readonly atMs: number
}

/**
 * The budgets of a reading as they stand at `nowMs`, in the order of its claims: buckets have filled since then, windows may
 * have begun anew, and `held` points taken from all of them are still unspent here. What others drew since is not known.
 */
export function levelsNow(reading: Reading, nowMs: number, held = 0): readonly BudgetLevel[] {
  const elapsedMs = Math.max(0, nowMs - reading.atMs)
  return reading.claims.map(({ partition, budget }, place) => {
    const { remaining, resetMs } = reading.levels[place] ?? FULL
    const { capacity } = budget
    if (budget.kind === 'bucket') {
      const perMs = budget.restorePerSecond / 1000
      const filled = Math.min(capacity, remaining + elapsedMs * perMs + held)
      return { partition, budget, remaining: filled, resetMs: (capacity - filled) / perMs }
    }
    const leftMs = resetMs - elapsedMs
    if (leftMs > 0) {
      // What was taken before the window began is in none of its points.
      return { partition, budget, remaining: Math.min(capacity, remaining + held), resetMs: leftMs }
    }
    const windowMs = WINDOW_MS[budget.window]
    return { partition, budget, remaining: capacity, resetMs: windowMs - (-leftMs % windowMs) }
  })
}

/** Milliseconds until the budget holds so many points; 0 where it does. */
export function waitFor({ budget, remaining, resetMs }: BudgetLevel, points: number): number {
  if (remaining >= points) return 0
  if (budget.kind === 'window') return resetMs
  return ((points - remaining) / budget.restorePerSecond) * 1000
}

const FULL = { remaining: Number.POSITIVE_INFINITY, resetMs: 0 }

const DAY_MS = 86_400_000
/** How long the window lasts that follows one that has ended here: a month no less than this, as its store will say. */
const WINDOW_MS = { day: DAY_MS, month: 28 * DAY_MS }
