import type { FormattedExecutionResult } from 'graphql'
import { isRecord } from './is-record.ts'

/** Why the gateway does not do what it was asked. */
export interface Refusal {
  readonly code: string
  readonly message: string
  /** When the same may be granted; null where waiting does not help. */
  readonly retryAfterSeconds: number | null
}

/** The refusal of a whole request; null where it was executed, even if parts of it failed. */
export function readRefusal({ data, errors }: FormattedExecutionResult): Refusal | null {
  const error = errors?.[0]
  if (data !== undefined || error === undefined) return null
  return { ...readReason(error.extensions), message: error.message }
}

/** What an answer to a question for the price says about why the operation would be refused. */
export function readForeseenRefusal({ extensions }: FormattedExecutionResult): Refusal | null {
  const refusal = extensions?.['refusal']
  if (!isRecord(refusal)) return null
  const reason = readReason(refusal)
  const message = refusal['message']
  return { ...reason, message: typeof message === 'string' ? message : reason.code }
}

function readReason(members: Readonly<Record<string, unknown>> = {}) {
  const { code, retryAfterSeconds } = members
  return {
    code: typeof code === 'string' ? code : 'UNKNOWN',
    retryAfterSeconds: typeof retryAfterSeconds === 'number' ? retryAfterSeconds : null,
  }
}
