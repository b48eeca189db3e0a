import type { ExecutionArgs } from 'graphql'
import type { Plugin } from 'graphql-yoga'

import { ApiError } from '../errors.ts'
import { compileOnce } from './compiled-operations.ts'
import { isControl } from './demand-control.ts'
import { coerceVariables } from './coerce-variables.ts'
import { assertNotSuspended } from './suspension.ts'
import type { AskedOperation, ExecuteOptions } from './asked-operation.ts'
import { documentHash } from './document-hash.ts'
import { executeOperation } from './execute-operation.ts'
import { describeFailure, maskFailure } from './failure.ts'
import { refusalOfEnd } from './refusal-of-end.ts'
import type { CompiledOperation } from './known-documents.ts'
import type { GatewayContext } from './request.ts'
import { type TextResult, textResult } from './text-result.ts'

/** Executes an operation as one plan: compiled once per document, priced, paid for, one statement per query. */
export function useExecutor(options: ExecuteOptions): Plugin<GatewayContext> {
  const executeFn = (args: ExecutionArgs): Promise<TextResult> => execute(options, args)
  return {
    onExecute({ setExecuteFn }) {
      setExecuteFn(executeFn)
    },
  }
}

async function execute(options: ExecuteOptions, args: ExecutionArgs): Promise<TextResult> {
  // Whoever runs the pipeline gives it this context; graphql-js leaves its type open.
  const context = args.contextValue as GatewayContext
  const { signal, requestId, costMode, receipt } = context
  let asked: AskedOperation | null = null
  try {
    const compiled = compileOnce(options, args.document, args.operationName)
    receipt.operation = nameOf(compiled, context)
    receipt.isControl = isControl(context.claims, compiled.operation.rootFields)
    assertNotSuspended(options.demand, context.principal, compiled.operation.rootFields)
    const variables = coerceVariables(options.schema, compiled.node, args.variableValues ?? {})
    asked = { compiled, variables, context }
    return textResult(await executeOperation(options, asked))
  } catch (error) {
    if (signal?.aborted === true) throw refusalOfEnd(options, signal.reason, asked)
    if (error instanceof ApiError && error.status >= 500) {
      const cause = describeFailure(error.originalError)
      options.log.warn({ requestId, code: error.code, cause }, 'An operation could not run.')
    }
    const refusal = maskFailure(error, options.log, requestId)
    if (costMode !== 'validate' || refusal.status >= 500 || !receipt.isPaidFor) throw refusal
    receipt.verdict = refusal
    return textResult('null')
  }
}

/** What the ledger calls it. */
function nameOf(
  compiled: CompiledOperation,
  { parameters }: GatewayContext,
): NonNullable<CompiledOperation['label']> {
  compiled.label ??= {
    name: (compiled.node.name?.value ?? '').slice(0, NAME_CHARACTERS_MAX),
    document: documentHash(parameters),
  }
  return compiled.label
}

const NAME_CHARACTERS_MAX = 80
