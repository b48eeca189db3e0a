import { buildSchema, parse } from 'graphql'

import { compileOperation, type CostProgram } from '../../src/cost/compile-operation.ts'
import type { Cost } from '../../src/cost/points.ts'
import { compileCost } from '../../src/cost/schema-cost.ts'
import { COST_DIRECTIVES } from './priced-sdl.ts'

export interface PriceOptions {
  readonly variables?: Readonly<Record<string, unknown>>
  readonly defaultListSize?: number
}

/** What an operation costs over a schema, given as texts; the cost directives are there. */
export function price(sdl: string, operation: string, options: PriceOptions = {}): Cost {
  return compile(sdl, operation, options).estimate(options.variables ?? {})
}

export function fieldCost(sdl: string, operation: string, options: PriceOptions = {}): number {
  return price(sdl, operation, options).fieldCost
}

export function typeCost(sdl: string, operation: string, options: PriceOptions = {}): number {
  return price(sdl, operation, options).typeCost
}

/** The program of an operation. */
export function compile(sdl: string, operation: string, options: PriceOptions = {}): CostProgram {
  const { defaultListSize = Number.POSITIVE_INFINITY } = options
  const schema = buildSchema(COST_DIRECTIVES + sdl)
  return compileOperation(compileCost(schema, { defaultListSize }), parse(operation))
}
