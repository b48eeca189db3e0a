import { type DocumentNode, Kind, type OperationDefinitionNode } from 'graphql'

import { bindCounts } from './bind-counts.ts'
import { CostError } from './cost-error.ts'
import { estimatedShares, type Share } from './estimated-shares.ts'
import { Evaluations } from './evaluations.ts'
import { costIn, evaluate } from './evaluate.ts'
import {
  type ChargedPath,
  type CountedRun,
  explain,
  explainActual,
  type PricedPath,
} from './explain.ts'
import { largestPage, type Page } from './largest-page.ts'
import { type Cost, points } from './points.ts'
import type { SchemaCost } from './schema-cost.ts'
import { variableReader, type Variables } from './variables.ts'

/** An operation as a program over its variables. What it says of a price is an upper bound. */
export interface CostProgram {
  /** @throws {CostError} where these boolean variables make a document that is too complex */
  estimate(variables: Variables): Cost
  /** The estimate in points. */
  estimatePoints(variables: Variables): number
  /**
   * What the operation cost, in points, for a plan that counts objects under these labels; bound once per plan, with
   * variables whose boolean values are the plan's. A label is a response path without list positions; where the type
   * is abstract, `@` and an object type follow, and what lies below continues with them. The label of a field with
   * `sizedFields` counts the items of those.
   */
  bindCounts(counted: readonly string[], variables: Variables): CountsToPoints
  /** What each field can cost by itself, dearest first, at most `max`; whatever costs nothing is left out. */
  explain(variables: Variables, max: number): readonly PricedPath[]
  /** The same beside what it cost, given the counts of a plan. */
  explainActual(run: CountedRun, max: number): readonly ChargedPath[]
  /** What each field can cost by itself, and what it pays for then. */
  shares(variables: Variables): readonly Share[]
  /**
   * The largest value from 1 of one slicing argument with which the operation costs at most `limit` points, all else as
   * it is: of the outermost list that can do it. Null where none can, and where the operation fits as it is.
   */
  largestPage(variables: Variables, limit: number): Page | null
}

/** Counts in the order of the labels that they were bound for. */
export type CountsToPoints = (counts: readonly number[], variables: Variables) => number

export interface CompileOptions {
  /** `free` leaves out the root fields `__schema` and `__type`. */
  readonly introspection: 'priced' | 'free'
}

const FREE_FIELDS: ReadonlySet<string> = new Set(['__schema', '__type'])

/**
 * The program that prices an operation of a valid document; a name of null means the only operation.
 * @throws {CostError} for an operation, a fragment or a field that does not exist, and for a document that is too complex
 */
export function compileOperation(
  schemaCost: SchemaCost,
  document: DocumentNode,
  operationName: string | null = null,
  options: CompileOptions = { introspection: 'priced' },
): CostProgram {
  const operation = operationOf(document, operationName)
  const fragments = new Map(
    document.definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  )
  const evaluations = new Evaluations({
    schemaCost,
    operation,
    fragments,
    read: variableReader(operation),
    free: options.introspection === 'free' ? FREE_FIELDS : new Set(),
  })
  const estimate = (variables: Variables): Cost => {
    const evaluation = evaluations.of(variables)
    evaluate(evaluation, variables)
    return costIn(evaluation)
  }
  return {
    estimate,
    estimatePoints: (variables) => points(estimate(variables)),
    bindCounts(counted, planned) {
      const bound = bindCounts(evaluations.of(planned), counted)
      return (counts, variables) => points(bound.cost(counts, variables))
    },
    explain: (variables, max) => explain(evaluations.of(variables), variables, max),
    explainActual: (run, max) => explainActual(evaluations.of(run.variables), run, max),
    shares: (variables) => [...estimatedShares(evaluations.of(variables), variables).values()],
    largestPage: (variables, limit) => largestPage(evaluations.of(variables), variables, limit),
  }
}

function operationOf(document: DocumentNode, name: string | null): OperationDefinitionNode {
  const operations = document.definitions.filter(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  )
  if (name === null) {
    const [only, second] = operations
    if (only === undefined) throw new CostError('the document holds no operation')
    if (second !== undefined) throw new CostError('the document holds several operations: name one')
    return only
  }
  const named = operations.find((operation) => operation.name?.value === name)
  if (named === undefined) {
    throw new CostError(`the document holds no operation ${JSON.stringify(name)}`)
  }
  return named
}
