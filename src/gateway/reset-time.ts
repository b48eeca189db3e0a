import type { BudgetLevel } from '../quota/quota.ts'

/**
 * When a budget will have waited so many milliseconds, RFC 3339; `now` by the gateway's clock. The store counts to the end
 * of a calendar window by a clock of its own: that end is midnight in UTC, however far the two are apart.
 */
export function resetTime(
  { budget }: Pick<BudgetLevel, 'budget'>,
  waitMs: number,
  now: Date,
): string {
  const atMs = now.getTime() + waitMs
  const exactMs = budget.kind === 'window' ? Math.round(atMs / DAY_MS) * DAY_MS : atMs
  return new Date(exactMs).toISOString()
}

const DAY_MS = 86_400_000
