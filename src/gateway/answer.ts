import type { SessionCookies } from '../auth/act.ts'
import { WWW_AUTHENTICATE } from '../auth/authenticate.ts'
import type { ApiError, ErrorCode } from '../errors.ts'

/** The media types of GraphQL over HTTP that an answer can have. */
export type MediaType = 'application/graphql-response+json' | 'application/json'

/** A whole answer, ready for the socket. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** The first code of a refusal; absent where it is none. */
  readonly code?: ErrorCode | undefined
  /** Cookies of a session to set, or null: to clear; absent: neither. */
  readonly cookies?: SessionCookies | null | undefined
}

/** The answer that carries the result of an operation, already printed as JSON. */
export function resultAnswer(body: string, mediaType: MediaType): Answer {
  return { status: 200, headers: CONTENT_TYPE[mediaType], body }
}

/** The answer that refuses an operation; there is at least one error. */
export function refusalAnswer(errors: readonly ApiError[], mediaType: MediaType): Answer {
  return {
    status: refusalStatus(errors, mediaType),
    headers: { ...CONTENT_TYPE[mediaType], ...refusalHeaders(errors) },
    body: `{"errors":${JSON.stringify(errors)}}`,
    code: errors[0]?.code,
  }
}

/** Whether the answer refuses what was asked, under whatever status. */
export function isRefusal({ body }: Answer): boolean {
  return body.startsWith('{"errors"')
}

/**
 * Codes that leave the status at 200 under application/json, and no others: a client of that media type takes any other
 * status for a failure of the transport.
 * @see https://graphql.github.io/graphql-over-http/draft/#sec-application-json
 */
export function isWellFormedRefusal(code: ErrorCode): boolean {
  return code === 'DOCUMENT_INVALID' || code === 'VARIABLE_INVALID'
}

/** The fields that the refusal's status asks for: how to authenticate, which methods there are, how long to wait (seconds). */
export function refusalHeaders(errors: readonly ApiError[]): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const error of errors) {
    const { allow, retryAfterSeconds } = error.extensions
    if (error.status === 401) headers['WWW-Authenticate'] = WWW_AUTHENTICATE
    if (error.status === 405 && typeof allow === 'string') headers['Allow'] = allow
    if (error.status === 429 || error.status === 503) {
      headers['Retry-After'] = typeof retryAfterSeconds === 'number' ? `${retryAfterSeconds}` : '1'
    }
  }
  return headers
}

const CONTENT_TYPE = {
  'application/graphql-response+json': {
    'Content-Type': 'application/graphql-response+json; charset=utf-8',
  },
  'application/json': { 'Content-Type': 'application/json; charset=utf-8' },
} as const satisfies Record<MediaType, Record<string, string>>

function refusalStatus(errors: readonly ApiError[], mediaType: MediaType): number {
  const statuses = errors
    .filter(({ code }) => mediaType !== 'application/json' || !isWellFormedRefusal(code))
    .map(({ status }) => status)
  return Math.max(200, ...statuses)
}
