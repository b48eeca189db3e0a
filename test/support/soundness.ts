import fc from 'fast-check'

import { ApiError } from '../../src/errors.ts'
import { DATA_SHAPE_NAMES, type DataShapeName } from './data-shapes.ts'
import type { Paid, PricedCommunity } from './priced-community.ts'
import type { RandomOperation } from './random-operation.ts'

export interface Runs {
  readonly operations: fc.Arbitrary<RandomOperation>
  readonly count: number
  /** The same operations each time; others where it is not given. */
  readonly seed?: number
}

/**
 * What so many operations could cost and did cost, those left out that are too complex for any price.
 * @throws the smallest operation that breaks the law, and what is wrong with it
 */
export async function payFor(
  { pay }: PricedCommunity,
  { operations, count, seed }: Runs,
  law: (paid: Paid) => string | null,
): Promise<readonly Paid[]> {
  const all: Paid[] = []
  await fc.assert(
    fc.asyncProperty(operations, async (operation) => {
      const paid = await pay(operation).catch(tooComplex)
      if (paid === null) return
      all.push(paid)
      const breach = law(paid)
      if (breach !== null) throw new Error(breach)
    }),
    { numRuns: count, ...(seed === undefined ? {} : { seed }) },
  )
  return all
}

/** No operation costs more than its price said, and each costs whole points. */
export function breachOfSoundness({ estimated, actual }: Paid): string | null {
  if (!Number.isInteger(estimated) || estimated < 1) return `${estimated} is no price.`
  for (const shape of DATA_SHAPE_NAMES) {
    const cost = actual[shape]
    if (!Number.isInteger(cost) || cost < 1) return `Over ${shape} data it costs ${cost}.`
    if (cost > estimated) return `Over ${shape} data it costs ${cost}; its price is ${estimated}.`
  }
  return null
}

/** Where everything is there that was asked for, it costs what its price said. */
export function breachOfSaturation(paid: Paid): string | null {
  const { estimated, actual } = paid
  if (actual.full === estimated) return breachOfSoundness(paid)
  return `It finds all, and costs ${actual.full}; its price is ${estimated}.`
}

/** How far prices lay above what operations cost, as factors: the middle one, and the one that 95 of 100 stay within. */
export function loosenessOver(
  shape: DataShapeName,
  all: readonly Paid[],
): { readonly p50: number; readonly p95: number } {
  const factors = all
    .map(({ estimated, actual }) => estimated / actual[shape])
    .toSorted((one, other) => one - other)
  const quantile = (share: number) => factors[Math.ceil(factors.length * share) - 1] ?? Number.NaN
  return { p50: quantile(0.5), p95: quantile(0.95) }
}

function tooComplex(error: unknown): null {
  if (error instanceof ApiError && error.code === 'DOCUMENT_TOO_LARGE') return null
  throw error
}
