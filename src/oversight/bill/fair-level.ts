/** Somebody who shares: what is his already, and what he would have if there were enough. The same unit, `used` <= `wanted`. */
export interface Sharer {
  readonly used: number
  readonly wanted: number
}

/**
 * Max-min fairness: the level at which everybody who wants less has all he wants, and everybody else has that level (or what
 * he used already), and all of them together have the amount. Infinite where there is enough for all. Where more than the
 * amount was used already, it is everybody's equal part.
 */
export function fairLevel(sharers: readonly Sharer[], amount: number): number {
  if (sumOf(sharers.map(({ wanted }) => wanted)) <= amount) return Infinity
  let given = sumOf(sharers.map(({ used }) => used))
  if (given >= amount) return Math.max(0, amount) / sharers.length
  const steps = sharers
    .flatMap(({ used, wanted }) => [
      { at: used, rising: 1 },
      { at: wanted, rising: -1 },
    ])
    .toSorted((a, b) => a.at - b.at)
  let [level, rising] = [0, 0]
  for (const step of steps) {
    const more = rising * (step.at - level)
    if (given + more >= amount) break
    given += more
    level = step.at
    rising += step.rising
  }
  return level + (amount - given) / rising
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
