import { type Column, dot, leastSquares } from './least-squares.ts'

/** What a column explains below this share of the values is what rounding leaves. */
const NOTHING = 1e-10
/** Each column comes in about once; where rounding would let two take turns, it ends here. */
const TURNS_PER_COLUMN = 10

/**
 * The factors of the columns, none below 0, whose sum comes nearest to the values. Columns that make up one another share
 * arbitrarily: see areTold.
 * @see Lawson and Hanson, Solving Least Squares Problems (1974), chapter 23
 */
export function nonNegativeLeastSquares(
  columns: readonly Column[],
  values: Column,
): readonly number[] {
  let factors: readonly number[] = columns.map(() => 0)
  const taken = new Set<number>()
  const least = NOTHING * Math.sqrt(dot(values, values))
  let refused: readonly number[] = []
  for (let turns = TURNS_PER_COLUMN * columns.length; turns > 0; turns -= 1) {
    const rest = restOf(columns, factors, values)
    const best = steepest(columns, rest, { least, without: new Set([...taken, ...refused]) })
    if (best === null) break
    taken.add(best)
    factors = settle(columns, values, { factors, taken })
    // What leaves at once comes up again when the others have changed.
    refused = taken.has(best) ? [] : [...refused, best]
  }
  return factors
}

interface Inside {
  readonly factors: readonly number[]
  /** Columns that may have a factor above 0; those that reach 0 leave it. */
  readonly taken: Set<number>
}

/** Moves towards the best factors of the columns that are taken, and lets go of each that would fall below 0 on the way. */
function settle(columns: readonly Column[], values: Column, inside: Inside): readonly number[] {
  const { taken } = inside
  let factors = inside.factors
  for (;;) {
    const indexes = [...taken].toSorted((a, b) => a - b)
    const found = leastSquares(
      indexes.map((index) => columns[index] ?? []),
      values,
    )
    const goal = columns.map((_, index) => found[indexes.indexOf(index)] ?? 0)
    const below = indexes.filter((index) => (goal[index] ?? 0) <= 0)
    if (below.length === 0) return goal
    const step = Math.min(
      ...below.map((index) => stepToZero(factors[index] ?? 0, goal[index] ?? 0)),
    )
    const leaving = below.filter(
      (index) => stepToZero(factors[index] ?? 0, goal[index] ?? 0) <= step,
    )
    factors = factors.map((factor, index) =>
      leaving.includes(index) ? 0 : factor + step * ((goal[index] ?? 0) - factor),
    )
    for (const index of leaving) taken.delete(index)
  }
}

function stepToZero(from: number, to: number): number {
  return from === 0 ? 0 : from / (from - to)
}

/** The column that explains most of the rest for its length, and more than the least; null where none does. */
function steepest(
  columns: readonly Column[],
  rest: Column,
  { least, without }: { readonly least: number; readonly without: ReadonlySet<number> },
): number | null {
  let best: number | null = null
  let most = least
  for (const [index, column] of columns.entries()) {
    const explains = dot(column, rest) / Math.sqrt(dot(column, column))
    if (without.has(index) || !(explains > most)) continue
    best = index
    most = explains
  }
  return best
}

function restOf(columns: readonly Column[], factors: readonly number[], values: Column): Column {
  return values.map(
    (value, row) =>
      value - columns.reduce((sum, column, at) => sum + (column[row] ?? 0) * (factors[at] ?? 0), 0),
  )
}
