import { getOperationAST, type DocumentNode, type GraphQLSchema } from 'graphql'

import type { Standing } from '../auth/access.ts'
import { type CostProgram, compileOperation as compilePrice } from '../cost/compile-operation.ts'
import { CostError } from '../cost/cost-error.ts'
import type { SchemaCost } from '../cost/schema-cost.ts'
import { apiError } from '../errors.ts'
import type { Attempts } from '../quota/attempts.ts'
import type { Claims } from '../quota/claims.ts'
import type { compileOperation } from '../schema/plan/operation.ts'
import type { Plan } from '../schema/plan/plan.ts'
import type { CompiledOperation, KnownDocuments } from './known-documents.ts'

export interface CompileOptions {
  readonly schema: GraphQLSchema
  readonly prices: SchemaCost
  readonly compileOperation: typeof compileOperation
  readonly documents: KnownDocuments
}

/**
 * The operation of this name, compiled the first time and kept with its document.
 * @throws {ApiError} OPERATION_UNKNOWN
 */
export function compileOnce(
  { schema, prices, compileOperation, documents }: CompileOptions,
  document: DocumentNode,
  name: string | null | undefined,
): CompiledOperation {
  const kept = documents.accepted(document)?.compiled
  const known = kept?.get(name ?? '')
  if (known !== undefined) return known
  const node = getOperationAST(document, name)
  if (node == null) throw apiError('OPERATION_UNKNOWN')
  const operation = compileOperation(schema, document, name)
  const price = priceOf(prices, document, name)
  const compiled: CompiledOperation = {
    document,
    node,
    operation,
    price,
    label: null,
    notedUntilMs: 0,
  }
  kept?.set(name ?? '', compiled)
  return compiled
}

/**
 * The plan of the operation for this standing and these variables. Whatever is kept from now on, plan or refusal, its
 * document is accounted with, whether the plan then runs or not. A further one that is made and not found draws an
 * attempt: variables may ask for another plan each time.
 * @throws {ApiError} as Operation.plan does
 */
export function planAccounted(
  { documents, demand }: PlanOptions,
  compiled: CompiledOperation,
  { standing, variables, claims }: PlanFor,
): Plan {
  const { operation, document } = compiled
  const before = operation.keptBytes
  const { made } = operation
  try {
    return operation.plan(standing, variables)
  } finally {
    const grown = operation.keptBytes - before
    if (grown > 0) documents.addBytes(document, grown)
    // The first one comes with its document, which was drawn for.
    const isMadeAgain = made > 0 && operation.made > made
    if (isMadeAgain && claims !== null) demand.attempts.take(claims.attempts, 1)
  }
}

export interface PlanOptions extends Pick<CompileOptions, 'documents'> {
  readonly demand: { readonly attempts: Pick<Attempts, 'take'> }
}

export interface PlanFor {
  /** Whose attempts a plan is drawn from that has to be made; null: nobody's. */
  readonly claims: Pick<Claims, 'attempts'> | null
  readonly standing: Standing
  readonly variables: Readonly<Record<string, unknown>>
}

function priceOf(
  prices: SchemaCost,
  document: DocumentNode,
  name: string | null | undefined,
): CostProgram {
  try {
    return compilePrice(prices, document, name, { introspection: 'free' })
  } catch (error) {
    if (error instanceof CostError) throw apiError('DOCUMENT_TOO_LARGE', { cause: error })
    throw error
  }
}
