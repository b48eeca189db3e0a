/** What an operation costs by type and by field; each at least 0, and Infinity where a list has no bound. */
export interface Cost {
  readonly typeCost: number
  readonly fieldCost: number
}

/** GraphQL's largest Int: read as "at least". */
export const POINTS_MAX = 2_147_483_647

/** The cost in whole points, rounded up once: 1 to POINTS_MAX. */
export function points({ typeCost, fieldCost }: Cost): number {
  return Math.max(1, wholePoints(typeCost + fieldCost))
}

/** A share of a price in whole points, rounded up: 0 to POINTS_MAX. What is no number counts as unaffordable. */
export function wholePoints(share: number): number {
  if (Number.isNaN(share)) return POINTS_MAX
  return Math.min(POINTS_MAX, Math.max(0, Math.ceil(share)))
}
