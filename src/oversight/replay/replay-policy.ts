import { decide, type PolicyStep } from '../policies/decide.ts'
import { type OversightPolicy, WINDOW_HOURS } from '../policies/oversight-policy.ts'
import { HOUR_MS } from '../policies/policy-window.ts'

/** From when to when, in milliseconds since 1970: whole hours. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** What a policy would have done to an account. */
export interface Hits {
  /** How often it would have taken its step. */
  readonly taken: number
  readonly prolonged: number
  /** Hours of the span in which the step would have been in force. */
  readonly hours: number
  /** Milliseconds since 1970. */
  readonly firstMs: number
}

/**
 * What a policy would have done to an account within a span, had it looked after every hour; null: nothing. Use by hour (its
 * first millisecond since 1970), from as long before the span as the policy looks back.
 */
export function replayPolicy(
  policy: OversightPolicy,
  used: ReadonlyMap<number, number>,
  { fromMs, toMs }: Span,
): Hits | null {
  const windowMs = WINDOW_HOURS[policy.over] * HOUR_MS
  let value = 0
  for (let ms = fromMs - windowMs; ms < fromMs; ms += HOUR_MS) value += used.get(ms) ?? 0
  let last: PolicyStep | null = null
  let hits: Hits | null = null
  for (let nowMs = fromMs; nowMs <= toMs; nowMs += HOUR_MS) {
    const done = decide(policy, { value, last, nowMs, nextLookMs: 0 })
    if (done !== null) last = { untilMs: nowMs + policy.forHours * HOUR_MS, isOpen: true }
    if (done !== null || hits !== null) {
      const { taken, prolonged, hours, firstMs }: Hits = hits ?? { ...NO_HITS, firstMs: nowMs }
      hits = {
        taken: taken + (done === 'take' ? 1 : 0),
        prolonged: prolonged + (done === 'prolong' ? 1 : 0),
        hours: hours + (last !== null && nowMs < Math.min(last.untilMs, toMs) ? 1 : 0),
        firstMs,
      }
    }
    value += (used.get(nowMs) ?? 0) - (used.get(nowMs - windowMs) ?? 0)
  }
  return hits
}

const NO_HITS: Hits = { taken: 0, prolonged: 0, hours: 0, firstMs: 0 }
