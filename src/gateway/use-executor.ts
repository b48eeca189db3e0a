import type { ExecutionArgs } from 'graphql'
import type { Plugin } from 'graphql-yoga'

import type { Database } from '../database/connect.ts'
import { ApiError, apiError } from '../errors.ts'
import type { Vault } from '../vault/vault.ts'
import { compileOnce, planAccounted, type CompileOptions } from './compiled-operations.ts'
import { coerceVariables } from './coerce-variables.ts'
import { describeFailure, maskFailure, type FailureLog } from './failure.ts'
import { ANSWER_CHARACTERS_MAX } from './limits.ts'
import type { GatewayContext } from './request.ts'
import { textResult, type TextResult } from './text-result.ts'

export interface ExecutorOptions extends CompileOptions {
  readonly database: Database
  readonly vault: Vault
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
    const compiled = compileOnce(options, args.document, args.operationName)
    const variables = coerceVariables(schema, compiled.node, args.variableValues ?? {})
    const { standing } = principal
    const plan = planAccounted(options, compiled, { standing, variables })
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
