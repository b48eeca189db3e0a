import type { OversightPolicy } from './oversight-policy.ts'

/** The last step that a policy took against an account. */
export interface PolicyStep {
  /** Milliseconds since 1970: when its time is over, whether or not anybody ended it before. */
  readonly untilMs: number
  /** Whether nobody has ended it. */
  readonly isOpen: boolean
}

export interface Observed {
  /** What the account used within the window of the policy. */
  readonly value: number
  /** null: the policy never took one against it. */
  readonly last: PolicyStep | null
  /** Milliseconds since 1970. */
  readonly nowMs: number
  /** How long until somebody looks again, at most. */
  readonly nextLookMs: number
}

/**
 * What a policy does about an account now: takes its step, prolongs it, or nothing.
 *
 * Between the two bounds nothing changes: no step is taken, and one that is in force stays. What a person has lifted is not
 * taken again before it would have been over by itself.
 */
export function decide(
  policy: Pick<OversightPolicy, 'above' | 'below'>,
  { value, last, nowMs, nextLookMs }: Observed,
): 'take' | 'prolong' | null {
  const leftMs = last === null ? -Infinity : last.untilMs - nowMs
  const isEnding = leftMs >= 0 && leftMs <= nextLookMs
  if (isEnding && last?.isOpen === true && value >= policy.below) return 'prolong'
  if (leftMs > 0) return null
  return value >= policy.above ? 'take' : null
}
