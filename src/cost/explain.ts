import { bindCounts } from './bind-counts.ts'
import { estimatedShares } from './estimated-shares.ts'
import type { Evaluation } from './evaluate.ts'
import { wholePoints } from './points.ts'
import type { Variables } from './variables.ts'

/** Points of a response path: list positions are left out, and so is what lies below it. */
export interface PricedPath {
  readonly path: string
  readonly points: number
}

export interface ChargedPath {
  readonly path: string
  readonly estimated: number
  readonly actual: number
}

/** What a statement counted for one request. */
export interface CountedRun {
  /** Labels. */
  readonly counted: readonly string[]
  readonly counts: readonly number[]
  readonly variables: Variables
}

/** What each field can cost, dearest first, at most so many; the root's own weight is no field's. */
export function explain(
  evaluation: Evaluation,
  variables: Variables,
  max: number,
): readonly PricedPath[] {
  return [...estimatedShares(evaluation, variables)]
    .map(([path, share]) => ({ path, points: wholePoints(share.points) }))
    .filter(({ points }) => points > 0)
    .toSorted((a, b) => b.points - a.points)
    .slice(0, max)
}

/** What each field could cost and did, dearest first, at most so many. */
export function explainActual(
  evaluation: Evaluation,
  { counted, counts, variables }: CountedRun,
  max: number,
): readonly ChargedPath[] {
  const actual = bindCounts(evaluation, counted).shares(counts, variables)
  return explain(evaluation, variables, max).map(({ path, points }) => ({
    path,
    estimated: points,
    actual: wholePoints(actual.get(path) ?? 0),
  }))
}
