import type { FormattedExecutionResult } from 'graphql'
import { readCost } from './cost.ts'
import { readForeseenRefusal, readRefusal, type Refusal, unexplained } from './refusal.ts'

/** What the gateway would do with an operation that it has not run. */
export type Price =
  | { readonly kind: 'runs'; readonly points: number }
  /** Points are null where it is refused before it has a price. */
  | { readonly kind: 'refused'; readonly points: number | null; readonly refusal: Refusal }

/** The price in the answer to a question for it; null where the gateway did something else. */
export function readPrice(result: FormattedExecutionResult): Price | null {
  const cost = readCost(result)
  const points = cost?.estimated ?? null
  const verdict = cost?.verdict ?? null
  const refusal = readRefusal(result) ?? readForeseenRefusal(result)
  if (refusal !== null) return { kind: 'refused', points, refusal }
  if (verdict === 'RUN') return points === null ? null : { kind: 'runs', points }
  if (verdict === null) return null
  return { kind: 'refused', points, refusal: unexplained(verdict) }
}
