import { apartness, type Column } from './least-squares.ts'
import { nonNegativeLeastSquares } from './non-negative.ts'

/** What a kind of the price list would cost if points were to follow what was measured. */
export interface ProposedWeight {
  readonly kind: string
  /** Points that it costs now. */
  readonly now: number
  /** Points by each measure; what none of them can say: see `verdict`. */
  readonly proposed: Readonly<Record<string, number>>
  /** unmeasured: no document pays it. mixed: the documents pay it only together with others, in much the same proportion. */
  readonly verdict: 'told' | 'mixed' | 'unmeasured'
}

/** What an operation of one document paid for: its points, and how often each kind. */
export interface PaidDocument {
  readonly points: number
  readonly counts: Readonly<Record<string, number>>
}

/** What of a kind's counts no mix of the others makes up, by which it can be told; less than that is noise. */
const APART_MIN = 0.05

/**
 * The weights, none below 0, that come nearest to what the documents took by each measure (a number for each document), scaled
 * so that all documents together cost as many points as now. What a document took counts in proportion to its points: a
 * large one would drown the others.
 */
export function proposeWeights(
  documents: readonly PaidDocument[],
  measures: Readonly<Record<string, readonly number[]>>,
  now: Readonly<Record<string, number>>,
): readonly ProposedWeight[] {
  const kinds = Object.keys(now)
  const columns = kinds.map((kind) =>
    documents.map(({ counts, points }) => (counts[kind] ?? 0) / points),
  )
  const apart = apartness(columns)
  const proposals = Object.entries(measures).map(
    ([measure, taken]) => [measure, scaledFactors(documents, columns, taken)] as const,
  )
  return kinds.map((kind, index) => ({
    kind,
    now: now[kind] ?? 0,
    proposed: Object.fromEntries(
      proposals.map(([measure, factors]) => [measure, factors[index] ?? 0]),
    ),
    verdict: verdictOf(columns[index] ?? [], apart[index] ?? 0),
  }))
}

function scaledFactors(
  documents: readonly PaidDocument[],
  columns: readonly Column[],
  taken: readonly number[],
): readonly number[] {
  const perPoint = documents.map(({ points }, row) => (taken[row] ?? 0) / points)
  const factors = nonNegativeLeastSquares(columns, perPoint)
  const fitted = documents.map(
    ({ points }, row) =>
      points *
      columns.reduce((sum, column, at) => sum + (column[row] ?? 0) * (factors[at] ?? 0), 0),
  )
  const all = total(fitted)
  const scale = all === 0 ? 0 : total(documents.map(({ points }) => points)) / all
  return factors.map((factor) => factor * scale)
}

function verdictOf(column: Column, apart: number): ProposedWeight['verdict'] {
  if (column.every((count) => count === 0)) return 'unmeasured'
  return apart < APART_MIN ? 'mixed' : 'told'
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
