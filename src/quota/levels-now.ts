import type { BudgetLevel } from './quota.ts'
import type { Claim, Level } from './store.ts'

/** What a store said of some claims, and when (milliseconds of a clock that never jumps). */
export interface Reading {
  readonly claims: readonly Claim[]
  readonly levels: readonly Level[]
  readonly atMs: number
}

/**
 * The budgets of a reading as they stand at `nowMs`, in the order of its claims: buckets have filled since then, and `held`
 * points taken from all of them are still unspent here. What others drew since is not known: a reading is young.
 */
export function levelsNow(
  { claims, levels, atMs }: Reading,
  nowMs: number,
  held = 0,
): readonly BudgetLevel[] {
  return claims.map(({ partition, budget }, i) => {
    const level = levels[i] ?? { remaining: budget.capacity, resetMs: 0 }
    const elapsedMs = Math.max(0, nowMs - atMs)
    if (budget.kind === 'window') {
      const resetMs = Math.max(0, level.resetMs - elapsedMs)
      return { partition, budget, remaining: level.remaining + held, resetMs }
    }
    const perMs = budget.restorePerSecond / 1000
    const remaining = Math.min(budget.capacity, level.remaining + elapsedMs * perMs + held)
    return { partition, budget, remaining, resetMs: (budget.capacity - remaining) / perMs }
  })
}

/** Milliseconds until the budget holds so many points; 0 where it does. */
export function waitFor({ budget, remaining, resetMs }: BudgetLevel, points: number): number {
  if (remaining >= points) return 0
  if (budget.kind === 'window') return resetMs
  return ((points - remaining) / budget.restorePerSecond) * 1000
}
