import type { RateLimitValues } from '../../src/schema/plan/plan.ts'

/** A budget as an operation of 7 points found it. */
export const RATE_LIMIT: RateLimitValues = {
  cost: 7,
  limit: 2000,
  remaining: 1900,
  used: 100,
  resetAt: '2026-01-31T12:00:00.000Z',
}
