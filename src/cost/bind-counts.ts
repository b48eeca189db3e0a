import { countPositions, type CountPositions } from './count-positions.ts'
import { at, type Evaluation, evaluate, readAmounts, times } from './evaluate.ts'
import type { Cost } from './points.ts'
import type { Variables } from './variables.ts'

/** What one run of an operation cost, given what its statement counted. */
export interface BoundCounts {
  cost(counts: readonly number[], variables: Variables): Cost
  /** What each field cost by itself, by response path; what lies below a type without a count is left out. */
  shares(counts: readonly number[], variables: Variables): ReadonlyMap<string, number>
}

/** The actual cost for a statement that counts these labels: the estimate's own amounts, times what there was. */
export function bindCounts(evaluation: Evaluation, counted: readonly string[]): BoundCounts {
  const positions = countPositions(evaluation.structure, counted)
  // Filled anew by each call, so that none allocates.
  const there = new Float64Array(positions.objects.length)
  const below = new Float64Array(positions.objects.length)
  const actual = { evaluation, positions, there, below }
  // What is told apart to the end needs no scope's price.
  const read = positions.objects.some(({ bound }) => bound !== null) ? evaluate : readAmounts
  return {
    cost(counts, variables) {
      read(evaluation, variables)
      count(actual, counts)
      return costOf(actual)
    },
    shares(counts, variables) {
      read(evaluation, variables)
      count(actual, counts)
      return sharesOf(actual)
    },
  }
}

interface Actual {
  readonly evaluation: Evaluation
  readonly positions: CountPositions
  /** How many objects stand at each position. */
  readonly there: Float64Array
  /** The type cost of what lies below them. */
  readonly below: Float64Array
}

function count({ evaluation, positions, there }: Actual, counts: readonly number[]): void {
  const { amounts } = evaluation.registers
  let index = 0
  for (const { parent, amount } of positions.objects) {
    const { counted, size, less } = amount
    let all =
      counted === null ? times(at(there, parent), at(amounts, size)) : (counts[counted] ?? 0)
    for (const other of less) all -= counts[other] ?? 0
    there[index] = parent < 0 ? 1 : Math.max(0, all)
    index += 1
  }
}

function costOf({ evaluation, positions, there, below }: Actual): Cost {
  const { amounts, types, fields } = evaluation.registers
  below.fill(0)
  let fieldCost = 0
  for (let index = positions.fields.length - 1; index >= 0; index -= 1) {
    const field = positions.fields[index]
    if (field === undefined) continue
    const { parent, call, first, end } = field
    fieldCost += times(at(there, parent), at(amounts, call))
    let typeCost = 0
    for (let object = first; object < end; object += 1) {
      const position = positions.objects[object]
      if (position === undefined) continue
      const { weight, bound } = position
      const each = weight + (bound === null ? 0 : at(types, bound.index))
      typeCost += times(at(there, object), each) + at(below, object)
      if (bound !== null) fieldCost += times(at(there, object), at(fields, bound.index))
    }
    // Floored as the estimate is: a negative weight makes nothing else cheaper.
    below[parent] = at(below, parent) + Math.max(0, typeCost)
  }
  const rootWeight = evaluation.structure.rootWeight
  return { typeCost: Math.max(0, rootWeight + at(below, 0)), fieldCost }
}

function sharesOf({ evaluation, positions, there }: Actual): ReadonlyMap<string, number> {
  const { amounts } = evaluation.registers
  const shares = new Map<string, number>()
  for (const { path, parent, call, first, end } of positions.fields) {
    let share = 0
    for (let object = first; object < end; object += 1) {
      const position = positions.objects[object]
      if (position === undefined) continue
      share += times(at(there, object), position.weight)
    }
    const called = times(at(there, parent), at(amounts, call))
    shares.set(path, (shares.get(path) ?? 0) + called + Math.max(0, share))
  }
  return shares
}
