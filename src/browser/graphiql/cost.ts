import type { FormattedExecutionResult } from 'graphql'
import { isRecord, readNumber, readText } from './read-value.ts'

/** What the gateway says about the price of one request, in points. */
export interface Cost {
  /** What it may cost at most; null where it was refused before it had a price. */
  readonly estimated: number | null
  /** What it was charged. */
  readonly actual: number
  /** What the smallest budget holds now; null where no budget is known. */
  readonly remaining: number | null
  /** Until that budget is full again; null where no budget is known. */
  readonly resetSeconds: number | null
  /** `RUN`, or the code it would be refused with; null where it was not only asked for its price. */
  readonly verdict: string | null
  /** The code that a gateway which only measures would refuse it with. */
  readonly wouldRefuse: string | null
}

/** `extensions.cost` of an answer; null where it does not say. */
export function readCost({ extensions }: FormattedExecutionResult): Cost | null {
  const cost = extensions?.['cost']
  if (!isRecord(cost)) return null
  return {
    estimated: readNumber(cost['estimated']),
    actual: readNumber(cost['actual']) ?? 0,
    remaining: readNumber(cost['remaining']),
    resetSeconds: readNumber(cost['resetSeconds']),
    verdict: readText(cost['verdict']),
    wouldRefuse: readText(cost['wouldRefuse']),
  }
}
