import {
  type DocumentNode,
  getOperationAST,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'
import type { Standing } from '../../auth/access.ts'
import { standingKey } from '../../auth/principal.ts'
import { ApiError, apiError } from '../../errors.ts'
import { buildMutationPlan } from './build-mutation-plan.ts'
import { buildPlan } from './build-plan.ts'
import { type Fragments, fragmentsOf } from './collect-fields.ts'
import type { Plan } from './plan.ts'
import { requiredScopes } from './required-scopes.ts'
import { rootFieldsOf } from './root-fields.ts'
import { decidesAlike, type Decision, Shape, type Variables } from './shape.ts'

/** One operation of a valid document. */
export interface Operation {
  readonly kind: 'query' | 'mutation' | 'subscription'
  /** Names of the root fields that the operation can ask for, each once. */
  readonly rootFields: readonly string[]
  /**
   * The plan for this standing and these coerced variables, made once for all that decide alike.
   * @throws {ApiError} when a field is closed to the standing, or a value that the plan reads is out of bounds
   */
  readonly plan: (standing: Standing, variables: Variables) => Plan
  /** Memory that the plans and refusals kept so far take, by estimate; grows with them. */
  readonly keptBytes: number
  /** How many plans and refusals it made so far, kept or not: each takes far longer than to find one that is kept. */
  readonly made: number
}

/** Plans kept for one operation, and as many refusals; beyond that they are made for the request and dropped. */
const MAX_PLANS = 16

/**
 * The operation of a valid document that this name selects.
 * @throws {ApiError} OPERATION_UNKNOWN
 */
export function compileOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName?: string | null,
): Operation {
  const operation = getOperationAST(document, operationName)
  if (!operation) throw apiError('OPERATION_UNKNOWN')
  const fragments = fragmentsOf(document)
  const outcomes = new Map<string, Outcome[]>()
  const kept = { planned: 0, refused: 0 }
  let keptBytes = 0
  let made = 0
  return {
    kind: operation.operation,
    rootFields: rootFieldsOf(operation, fragments),
    get keptBytes() {
      return keptBytes
    },
    get made() {
      return made
    },
    plan(standing, variables) {
      const key = standingKey(standing)
      const known = outcomes.get(key)
      let outcome = known?.find(({ decisions }) => decidesAlike(decisions, variables))
      if (outcome === undefined) {
        made += 1
        outcome = decide({ schema, fragments }, { operation, standing, variables })
        if (kept[outcome.kind] < MAX_PLANS) {
          kept[outcome.kind] += 1
          keptBytes += bytesOf(outcome)
          if (known === undefined) outcomes.set(key, [outcome])
          else known.push(outcome)
        }
      }
      if (outcome.kind === 'refused') throw outcome.refusal
      const problems = outcome.plan.problems(variables)
      const [first] = problems
      if (first !== undefined) throw apiError(first.code, { problems })
      return outcome.plan
    },
  }
}

type Outcome = { readonly decisions: readonly Decision[] } & (
  | { readonly kind: 'planned'; readonly plan: Plan }
  | { readonly kind: 'refused'; readonly refusal: ApiError }
)

function bytesOf(outcome: Outcome): number {
  if (outcome.kind === 'refused') {
    return OVERHEAD_BYTES + JSON.stringify(outcome.refusal).length * BYTES_PER_CHARACTER.refusal
  }
  const { statement, fixedCharacters } = outcome.plan
  return (
    OVERHEAD_BYTES +
    (statement ?? '').length * BYTES_PER_CHARACTER.statement +
    fixedCharacters * BYTES_PER_CHARACTER.fixed
  )
}

const OVERHEAD_BYTES = 2_048
/** Measured: a statement takes 23 to 41, of the query's tree mostly. */
const BYTES_PER_CHARACTER = { statement: 40, fixed: 2, refusal: 3 } as const

interface Asked {
  readonly operation: OperationDefinitionNode
  readonly standing: Standing
  readonly variables: Variables
}

function decide(
  context: { readonly schema: GraphQLSchema; readonly fragments: Fragments },
  { operation, standing, variables }: Asked,
): Outcome {
  const shape = new Shape(variables)
  const shaped = { ...context, shape }
  try {
    const scopes = requiredScopes(shaped, operation, standing)
    const build = operation.operation === 'mutation' ? buildMutationPlan : buildPlan
    const plan = build(shaped, { operation, standing, scopes })
    return { kind: 'planned', plan, decisions: shape.decisions }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { kind: 'refused', refusal: error, decisions: shape.decisions }
  } finally {
    shape.release()
  }
}
