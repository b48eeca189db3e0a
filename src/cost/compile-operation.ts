import { type DocumentNode, Kind, type OperationDefinitionNode } from 'graphql'

import { CostError } from './cost-error.ts'
import { Evaluations } from './evaluations.ts'
import { at, type Evaluation, evaluate } from './evaluate.ts'
import { type Cost, points } from './points.ts'
import type { SchemaCost } from './schema-cost.ts'
import { variableReader, type Variables } from './variables.ts'

/** An operation as a program over its variables. What it says of a price is an upper bound. */
export interface CostProgram {
  /** @throws {CostError} where these boolean variables make a document that is too complex */
  estimate(variables: Variables): Cost
  /** The estimate in points. */
  estimatePoints(variables: Variables): number
}

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
    return costOf(evaluation)
  }
  return { estimate, estimatePoints: (variables) => points(estimate(variables)) }
}

function costOf({ structure, registers }: Evaluation): Cost {
  const { rootWeight, root } = structure
  return {
    typeCost: Math.max(0, rootWeight + at(registers.types, root.index)),
    fieldCost: at(registers.fields, root.index),
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
