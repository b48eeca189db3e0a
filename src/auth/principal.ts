import { ANONYMOUS, type Standing } from './access.ts'
import type { GivenIntervention } from './interventions.ts'

/** Who makes this request, and how that is known. Ids are UUIDs; all null for anonymous. */
export interface Principal {
  readonly standing: Standing
  readonly accountId: string | null
  readonly keyId: string | null
  readonly sessionId: string | null
  readonly budget: PrincipalBudget
  /** What was done against the account, or against this key. Those that are over may be among them. */
  readonly interventions: readonly GivenIntervention[]
}

/** What of an account and its key decides how much they may spend, beside level and role. */
export interface PrincipalBudget {
  /** Milliseconds since 1970; null for anonymous. */
  readonly accountCreatedAtMs: number | null
  /** At most one of each kind. Those that have ended may be among them. */
  readonly limits: readonly GivenLimit[]
}

/** A limit that somebody set for this very account or key. */
export interface GivenLimit {
  /** `account`: in place of the policy's; `key`: besides all others. */
  readonly of: 'account' | 'key'
  readonly partition: 'burst' | 'day'
  /** Whole points, 1 or more. */
  readonly capacity: number
  /** Points, more than 0; null for a day. */
  readonly restorePerSecond: number | null
  /** Milliseconds since 1970, from when on it no longer counts; null: it stays. */
  readonly validUntilMs: number | null
}

export const ANONYMOUS_PRINCIPAL: Principal = Object.freeze({
  standing: ANONYMOUS,
  accountId: null,
  keyId: null,
  sessionId: null,
  budget: Object.freeze({ accountCreatedAtMs: null, limits: Object.freeze([]) }),
  interventions: Object.freeze([]),
})

/** The same text for equal standings, and for them alone: the key under which they share a compiled plan. */
export function standingKey(standing: Standing): string {
  const known = keys.get(standing)
  if (known !== undefined) return known
  const { kind, level, role, status, consent } = standing
  const key = `${kind}/${level}/${role}/${status}/${consent}`
  keys.set(standing, key)
  return key
}

const keys = new WeakMap<Standing, string>()
