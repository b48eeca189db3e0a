import type { BudgetLevel } from '../quota/quota.ts'
import { fewestLeft } from '../quota/rate-limit-fields.ts'
import type { RateLimitValues } from '../schema/plan/plan.ts'
import { resetTime } from './reset-time.ts'

/** What `Query.rateLimit` answers: the budget with the fewest points left, `now` by the gateway's clock. */
export function rateLimitValues(
  cost: number,
  levels: readonly BudgetLevel[],
  now: Date,
): RateLimitValues {
  const level = fewestLeft(levels)
  if (level === null) throw new Error('An operation ran without a budget.')
  const remaining = Math.floor(level.remaining)
  return {
    cost,
    limit: level.budget.capacity,
    remaining,
    used: level.budget.capacity - remaining,
    resetAt: resetTime(level, level.resetMs, now),
  }
}
