import { getOperationAST, type DocumentNode, type GraphQLSchema } from 'graphql'

import { apiError } from '../errors.ts'
import type { compileOperation } from '../schema/plan/operation.ts'
import type { Plan } from '../schema/plan/plan.ts'
import type { CompiledOperation, KnownDocuments } from './known-documents.ts'

export interface CompileOptions {
  readonly schema: GraphQLSchema
  readonly compileOperation: typeof compileOperation
  readonly documents: KnownDocuments
}

/**
 * The operation of this name, compiled the first time and kept with its document.
 * @throws {ApiError} OPERATION_UNKNOWN
 */
export function compileOnce(
  { schema, compileOperation, documents }: CompileOptions,
  document: DocumentNode,
  name: string | null | undefined,
): CompiledOperation {
  const kept = documents.accepted(document)?.compiled
  const known = kept?.get(name ?? '')
  if (known !== undefined) return known
  const node = getOperationAST(document, name)
  if (node == null) throw apiError('OPERATION_UNKNOWN')
  const operation = compileOperation(schema, document, name)
  const compiled = { node, operation, plans: new Set<Plan>() }
  kept?.set(name ?? '', compiled)
  return compiled
}

/** Adds what a plan takes to what its document is accounted with, once; `data` is what the plan has answered. */
export function accountForPlan(
  { documents }: Pick<CompileOptions, 'documents'>,
  document: DocumentNode,
  { plans }: CompiledOperation,
  ran: { readonly plan: Plan; readonly data: string },
): void {
  if (plans.has(ran.plan) || plans.size === PLANS_KEPT_MAX) return
  plans.add(ran.plan)
  documents.addBytes(document, planBytes(ran))
}

/** As many as an operation keeps; further ones are dropped after their request. */
const PLANS_KEPT_MAX = 16

function planBytes({ plan, data }: { readonly plan: Plan; readonly data: string }): number {
  // Without a statement the plan is its answer: introspection.
  if (plan.statement === null) return PLAN_OVERHEAD_BYTES + data.length * 2
  return PLAN_OVERHEAD_BYTES + plan.statement.length * BYTES_PER_SQL_CHARACTER
}

// Measured: 23 to 41 bytes, of the query's tree mostly.
const BYTES_PER_SQL_CHARACTER = 40
const PLAN_OVERHEAD_BYTES = 2_048
