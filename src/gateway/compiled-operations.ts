import { getOperationAST, type DocumentNode, type GraphQLSchema } from 'graphql'

import type { Standing } from '../auth/access.ts'
import { compileOperation as compilePrice } from '../cost/compile-operation.ts'
import type { SchemaCost } from '../cost/schema-cost.ts'
import { apiError } from '../errors.ts'
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
  const price = compilePrice(prices, document, name, { introspection: 'free' })
  const compiled = { document, node, operation, price }
  kept?.set(name ?? '', compiled)
  return compiled
}

/**
 * The plan of the operation for this standing and these variables. Whatever is kept from now on, plan or refusal, its
 * document is accounted with, whether the plan then runs or not.
 * @throws {ApiError} as Operation.plan does
 */
export function planAccounted(
  { documents }: Pick<CompileOptions, 'documents'>,
  compiled: CompiledOperation,
  { standing, variables }: PlanFor,
): Plan {
  const { operation, document } = compiled
  const before = operation.keptBytes
  try {
    return operation.plan(standing, variables)
  } finally {
    const grown = operation.keptBytes - before
    if (grown > 0) documents.addBytes(document, grown)
  }
}

export interface PlanFor {
  readonly standing: Standing
  readonly variables: Readonly<Record<string, unknown>>
}
