/** A column holds a number for each row; all are as long as what they are to explain. */
export type Column = readonly number[]

/** Below this share of its length, what is left of a column is what rounding leaves. */
const DEPENDENT = 1e-9

/**
 * The factors of the columns whose sum comes nearest to the values, by QR; 0 for a column that those before it make up
 * already.
 */
export function leastSquares(columns: readonly Column[], values: Column): readonly number[] {
  const { directions, parts } = orthogonalize(columns)
  const factors = columns.map(() => 0)
  let rest = values
  const shares = directions.map((direction) => {
    const share = direction === null ? 0 : dot(direction, rest)
    rest = direction === null ? rest : minus(rest, share, direction)
    return share
  })
  for (let index = columns.length - 1; index >= 0; index -= 1) {
    const own = parts[index]?.[index] ?? 0
    if (directions[index] === null || own === 0) continue
    const later = parts.slice(index + 1).map((part) => part[index] ?? 0)
    const explained = dot(later, factors.slice(index + 1))
    factors[index] = ((shares[index] ?? 0) - explained) / own
  }
  return factors
}

/**
 * How much of each column no sum of the others makes up, as a share of its length, 0 to 1: at 0 no values can tell its factor,
 * near it hardly any can.
 */
export function apartness(columns: readonly Column[]): readonly number[] {
  return columns.map((column, index) => {
    const last = [...columns.toSpliced(index, 1), column]
    const left = orthogonalize(last).parts.at(-1)?.at(-1) ?? 0
    const length = Math.sqrt(dot(column, column))
    return length === 0 ? 0 : left / length
  })
}

export function dot(a: Column, b: Column): number {
  return a.reduce((total, value, index) => total + value * (b[index] ?? 0), 0)
}

interface Orthogonal {
  /** Of length 1, each at right angles to those before it; null where nothing new is left of a column. */
  readonly directions: readonly (Column | null)[]
  /** What each column holds of every direction up to its own. */
  readonly parts: readonly Column[]
}

/** Modified Gram-Schmidt, twice over, so that what is left of a column is exact. */
function orthogonalize(columns: readonly Column[]): Orthogonal {
  const directions: (Column | null)[] = []
  const parts: number[][] = []
  for (const column of columns) {
    const part = columns.map(() => 0)
    let rest: Column = column
    for (const [index, direction] of [...directions.entries(), ...directions.entries()]) {
      if (direction === null) continue
      const share = dot(direction, rest)
      part[index] = (part[index] ?? 0) + share
      rest = minus(rest, share, direction)
    }
    const length = Math.sqrt(dot(rest, rest))
    const isNew = length > DEPENDENT * Math.sqrt(dot(column, column))
    part[directions.length] = length
    directions.push(isNew ? rest.map((value) => value / length) : null)
    parts.push(part)
  }
  return { directions, parts }
}

function minus(values: Column, share: number, direction: Column): Column {
  return values.map((value, index) => value - share * (direction[index] ?? 0))
}
