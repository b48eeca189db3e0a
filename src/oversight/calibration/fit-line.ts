/** What an operation was measured to take, beside its points. */
export interface Measured {
  readonly points: number
  readonly taken: number
}

/** Takes `perOperation` + `perPoint` x points, in the unit of what was measured. */
export interface Line {
  readonly perOperation: number
  readonly perPoint: number
  /** Standard errors of the two. */
  readonly perOperationError: number
  readonly perPointError: number
  /** R²: the share, 0 to 1, of what differs between operations that the line explains; 1 where nothing differs. */
  readonly explained: number
}

/**
 * The line of ordinary least squares; null where it can not be told: fewer than three operations, or all of as many points.
 * @see https://en.wikipedia.org/wiki/Simple_linear_regression
 */
export function fitLine(operations: readonly Measured[]): Line | null {
  const count = operations.length
  const x = mean(operations.map(({ points }) => points))
  const y = mean(operations.map(({ taken }) => taken))
  const spread = sum(operations, ({ points }) => (points - x) ** 2)
  if (count < 3 || spread === 0) return null
  const perPoint = sum(operations, ({ points, taken }) => (points - x) * (taken - y)) / spread
  const perOperation = y - perPoint * x
  const missed = sum(
    operations,
    ({ points, taken }) => (taken - perOperation - perPoint * points) ** 2,
  )
  const differing = sum(operations, ({ taken }) => (taken - y) ** 2)
  const variance = missed / (count - 2)
  return {
    perOperation,
    perPoint,
    perOperationError: Math.sqrt(variance * (1 / count + x ** 2 / spread)),
    perPointError: Math.sqrt(variance / spread),
    explained: differing === 0 ? 1 : Math.max(0, 1 - missed / differing),
  }
}

function mean(values: readonly number[]): number {
  return sum(values, (value) => value) / values.length
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}
