import type { Policies } from '../../quota/policies.ts'
import type { Line } from './ledger-lines.ts'
import { factorOf, type PriceChange } from './price-change.ts'
import type { RanOperation } from './replay-limits.ts'

/** What somebody would change. */
export interface Proposal {
  readonly policies: Policies
  /** What every operation would cost, as a multiple of what it cost. */
  readonly scale: number
  /** null: the prices stay. */
  readonly prices: PriceChange | null
}

/** An operation as dear as it would be; at the prices that it had where nobody knows what its document pays for. */
export function priced(line: Line, { scale, prices }: Proposal): RanOperation {
  const { recorded_at: at, paid, estimated, points } = line
  const times = scale * (prices === null || paid === null ? 1 : factorOf(prices, paid))
  return { atMs: at.getTime(), estimated: scaled(estimated, times), points: scaled(points, times) }
}

/** Whole points; sums of fractions are not exact. */
function scaled(points: number, times: number): number {
  return Math.ceil(Number((points * times).toFixed(6)))
}
