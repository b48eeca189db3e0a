import type { FormattedExecutionResult } from 'graphql'
import { isRecord, readNumber, readText } from './read-value.ts'

/** Why the gateway does not do what it was asked. */
export interface Refusal {
  readonly code: string
  readonly message: string
  /** Points: what one operation may cost, or what the budget that refuses holds when it is full; null where neither refuses. */
  readonly limit: number | null
  /** When the same may be granted; null where waiting does not help. */
  readonly retryAfterSeconds: number | null
  /** The page size with which it would be granted; null where there is none. */
  readonly largestPage: PageSize | null
}

export interface PageSize {
  /** Of the list, as response names joined by dots. */
  readonly path: string
  readonly argument: string
  readonly value: number
}

/** The refusal of a whole request; null where it was executed, even if parts of it failed. */
export function readRefusal({ data, errors }: FormattedExecutionResult): Refusal | null {
  const error = errors?.[0]
  if (data !== undefined || error === undefined) return null
  return readReason({ ...error.extensions, message: error.message })
}

/** What an answer to a question for the price says about why the operation would be refused. */
export function readForeseenRefusal({ extensions }: FormattedExecutionResult): Refusal | null {
  const refusal = extensions?.['refusal']
  return isRecord(refusal) ? readReason(refusal) : null
}

/** A refusal of which nothing but its code is known. */
export function unexplained(code: string): Refusal {
  return readReason({ code })
}

function readReason(members: Readonly<Record<string, unknown>>): Refusal {
  const code = readText(members['code']) ?? 'UNKNOWN'
  return {
    code,
    message: readFirstProblem(members['problems']) ?? readText(members['message']) ?? code,
    limit: readNumber(members['limit']),
    retryAfterSeconds: readNumber(members['retryAfterSeconds']),
    largestPage: readPageSize(members['largestPage']),
  }
}

/** What is wrong in the first place says more than the message over all problems. */
function readFirstProblem(problems: unknown): string | null {
  const first: unknown = Array.isArray(problems) ? problems[0] : null
  return isRecord(first) ? readText(first['message']) : null
}

function readPageSize(page: unknown): PageSize | null {
  if (!isRecord(page)) return null
  const path = readText(page['path'])
  const argument = readText(page['argument'])
  const value = readNumber(page['value'])
  return path === null || argument === null || value === null ? null : { path, argument, value }
}
