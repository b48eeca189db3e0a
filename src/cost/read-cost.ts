import { CostError } from './cost-error.ts'
import { type Annotated, directiveValues } from './directive-values.ts'
import type { ListSize } from './type-cost.ts'

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/

/**
 * The weight that `@cost` gives a definition; null where it gives none.
 * @throws {CostError} unless it is a finite number in a string
 */
export function readWeight(element: Annotated, coordinate: string): number | null {
  const values = directiveValues(element, 'cost')
  if (values === null) return null
  const text = values['weight']
  const weight = typeof text === 'string' && NUMBER.test(text) ? Number(text) : Number.NaN
  if (Number.isFinite(weight)) return weight
  throw new CostError(
    `@cost has the weight ${JSON.stringify(text)}; accepted is a finite number in a string`,
    coordinate,
  )
}

/**
 * What `@listSize` says of a field; null where it says nothing.
 * @throws {CostError} for a size that is no whole number from 0, for names that are no strings, and for a
 * `requireOneSlicingArgument` that is no boolean
 */
export function readListSize(element: Annotated, coordinate: string): ListSize | null {
  const values = directiveValues(element, 'listSize')
  if (values === null) return null
  const assumedSize = values['assumedSize'] ?? null
  if (assumedSize !== null && !isSize(assumedSize)) {
    throw invalid('assumedSize', assumedSize, 'a whole number from 0', coordinate)
  }
  const isRequired = values['requireOneSlicingArgument'] ?? true
  if (typeof isRequired !== 'boolean') {
    throw invalid('requireOneSlicingArgument', isRequired, 'true or false', coordinate)
  }
  const names = (argument: string) => readNames(values[argument], argument, coordinate)
  return {
    assumedSize,
    slicingArguments: names('slicingArguments'),
    sizedFields: new Set(names('sizedFields')),
  }
}

/** One name may stand for a list of one, as GraphQL coerces it. */
function readNames(value: unknown, argument: string, coordinate: string): readonly string[] {
  if (value === undefined || value === null) return []
  const names: readonly unknown[] = Array.isArray(value) ? value : [value]
  return names.map((name) => {
    if (typeof name === 'string') return name
    throw invalid(argument, name, 'names in strings', coordinate)
  })
}

function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function invalid(argument: string, found: unknown, accepted: string, coordinate: string) {
  const text = JSON.stringify(found)
  return new CostError(`@listSize has the ${argument} ${text}; accepted is ${accepted}`, coordinate)
}
