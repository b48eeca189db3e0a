import { createPolicies, type Policies } from '../../src/quota/policies.ts'
import { POLICY_ROWS, type PolicyRows } from '../../src/quota/policy-rows.ts'

const AMPLE_BUCKET = { capacity: 1_000_000_000, restorePerSecond: 1_000_000 }
const AMPLE_WINDOW = { capacity: 1_000_000_000 }

/** Rows that no test of anything else exhausts, at no level. */
export const AMPLE_ROWS = {
  burst: AMPLE_BUCKET,
  day: AMPLE_WINDOW,
  'young-day': AMPLE_WINDOW,
  attempts: AMPLE_BUCKET,
  'in-flight': 1_000,
  ceiling: 1_000_000,
  'anonymous-burst': AMPLE_BUCKET,
  'anonymous-day': AMPLE_WINDOW,
  'anonymous-in-flight': 1_000,
  'anonymous-ceiling': 1_000_000,
  'service-anonymous': AMPLE_BUCKET,
  'service-burst': AMPLE_BUCKET,
} as const

export const AMPLE_POLICIES = createPolicies({ ...POLICY_ROWS, ...AMPLE_ROWS, levels: {} })

/** The policy table as it is, with these rows in place of its own. */
export function policiesWith(rows: Partial<PolicyRows>): Policies {
  return createPolicies({ ...POLICY_ROWS, ...rows })
}
