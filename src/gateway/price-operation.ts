import { CostError } from '../cost/cost-error.ts'
import type { CostProgram } from '../cost/compile-operation.ts'
import { POINTS_MAX } from '../cost/points.ts'
import { apiError } from '../errors.ts'
import type { Plan } from '../schema/plan/plan.ts'
import type { Variables } from '../schema/plan/shape.ts'
import type { CompiledOperation } from './known-documents.ts'

/** What an operation costs under one plan and these variables, in points. */
export interface Price {
  /** The most that it can cost. */
  readonly estimated: number
  /** What it cost, by what its statement counted. Above the estimate only by a defect. */
  readonly actual: (counts: readonly number[]) => number
}

/**
 * The price of an operation: what it asks of the data, by the schema's weights, and what it asks of the schema itself, by
 * the size of that answer.
 * @throws {ApiError} DOCUMENT_TOO_LARGE where working it out would cost more than the operation may
 */
export function priceOperation(
  { price: program, operation }: Pick<CompiledOperation, 'price' | 'operation'>,
  plan: Plan,
  variables: Variables,
): Price {
  const ofSchema = introspectionPoints(plan.introspectionObjects)
  if (operation.rootFields.every((name) => name.startsWith('__'))) {
    const points = Math.max(1, ofSchema)
    return { estimated: points, actual: () => points }
  }
  try {
    const actualOf = boundCounts(program, plan, variables)
    return {
      estimated: sumOf(program.estimatePoints(variables), ofSchema),
      actual: (counts) => sumOf(actualOf(counts, variables), ofSchema),
    }
  } catch (error) {
    if (error instanceof CostError) throw apiError('DOCUMENT_TOO_LARGE', { cause: error })
    throw error
  }
}

/** Never more than what reads as "at least so many". */
function sumOf(ofData: number, ofSchema: number): number {
  return Math.min(POINTS_MAX, ofData + ofSchema)
}

/** One point for a hundred objects of the answer, 50 at most; nothing where the schema is not asked. */
function introspectionPoints(objects: number | null): number {
  if (objects === null) return 0
  return Math.min(SCHEMA_POINTS_MAX, Math.max(1, Math.ceil(objects / OBJECTS_PER_POINT)))
}

const OBJECTS_PER_POINT = 100
const SCHEMA_POINTS_MAX = 50

type ActualOf = ReturnType<CostProgram['bindCounts']>

/** A plan counts the same things for every request. */
function boundCounts(program: CostProgram, plan: Plan, variables: Variables): ActualOf {
  const known = bound.get(plan)
  if (known !== undefined) return known
  const actualOf = program.bindCounts(plan.counted, variables)
  bound.set(plan, actualOf)
  return actualOf
}

const bound = new WeakMap<Plan, ActualOf>()
