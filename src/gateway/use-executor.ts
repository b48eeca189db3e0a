import { getOperationAST, type ExecutionArgs, type GraphQLSchema } from 'graphql'
import type { Plugin } from 'graphql-yoga'

import type { Database } from '../database/connect.ts'
import { ApiError, apiError } from '../errors.ts'
import type { compileOperation } from '../schema/plan/operation.ts'
import type { Vault } from '../vault/vault.ts'
import { coerceVariables } from './coerce-variables.ts'
import { describeFailure, maskFailure, type FailureLog } from './failure.ts'
import type { CompiledOperation, KnownDocuments } from './known-documents.ts'
import { ANSWER_CHARACTERS_MAX } from './limits.ts'
import type { GatewayContext } from './request.ts'
import { textResult, type TextResult } from './text-result.ts'

export interface ExecutorOptions {
  readonly schema: GraphQLSchema
  readonly compileOperation: typeof compileOperation
  readonly database: Database
  readonly vault: Vault
  readonly documents: KnownDocuments
  readonly log: FailureLog
}

/** Executes an operation as one plan: compiled once per document, one statement per query. */
export function useExecutor(options: ExecutorOptions): Plugin<GatewayContext> {
  const executeOperation = (args: ExecutionArgs): Promise<TextResult> => execute(options, args)
  return {
    onExecute({ setExecuteFn }) {
      setExecuteFn(executeOperation)
    },
  }
}

async function execute(options: ExecutorOptions, args: ExecutionArgs): Promise<TextResult> {
  // Whoever runs the pipeline gives it this context; graphql-js leaves its type open.
  const { principal, signal, requestId } = args.contextValue as GatewayContext
  try {
    const { schema, database, vault } = options
    const { node, operation } = compiled(options, args)
    const variables = coerceVariables(schema, node, args.variableValues ?? {})
    const plan = operation.plan(principal.standing, variables)
    const { data } = await plan.run({ principal, variables, database, vault, signal })
    if (data.length > ANSWER_CHARACTERS_MAX) throw apiError('ANSWER_TOO_LARGE')
    return textResult(data)
  } catch (error) {
    // Nobody waits for this answer, and nothing is wrong here.
    if (signal?.aborted === true) throw apiError('UNAVAILABLE')
    if (error instanceof ApiError && error.status >= 500) {
      const cause = describeFailure(error.originalError)
      options.log.warn({ requestId, code: error.code, cause }, 'An operation could not run.')
    }
    throw maskFailure(error, options.log, requestId)
  }
}

/** The operation that the request names, compiled the first time and kept with its document. */
function compiled(
  { schema, compileOperation, documents }: ExecutorOptions,
  { document, operationName }: ExecutionArgs,
): CompiledOperation {
  const kept = documents.accepted(document)?.compiled
  const known = kept?.get(operationName ?? '')
  if (known !== undefined) return known
  const node = getOperationAST(document, operationName)
  if (node == null) throw apiError('OPERATION_UNKNOWN')
  const operation = compileOperation(schema, document, operationName)
  kept?.set(operationName ?? '', { node, operation })
  return { node, operation }
}
