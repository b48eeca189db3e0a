import type { Logger } from 'pino'

import { ApiError, apiError } from '../errors.ts'

export type FailureLog = Pick<Logger, 'error' | 'warn'>

/** The error that a client may see: a refusal as it is; anything else is logged and becomes INTERNAL with the request's id. */
export function maskFailure(error: unknown, log: FailureLog, requestId?: string): ApiError {
  if (error instanceof ApiError) return error
  log.error({ requestId, failure: describeFailure(error) }, 'A request failed.')
  return apiError('INTERNAL', requestId === undefined ? {} : { extensions: { requestId } })
}

/** Every refusal in what was thrown, masked; never empty. */
export function refusalsOf(thrown: unknown, log: FailureLog, requestId?: string): ApiError[] {
  const errors: readonly unknown[] = thrown instanceof AggregateError ? thrown.errors : [thrown]
  return errors.map((error) => maskFailure(error, log, requestId))
}

/** What the log may hold of an error: kind, code and frames. Its message may quote a value of the request or of a row. */
export function describeFailure(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { name: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const frames = error.stack?.split('\n').filter((line) => line.startsWith('    at '))
  return { name: error.name, ...code, frames: frames?.map((line) => line.trim()) }
}
