import { GraphQLError } from 'graphql'

export interface ErrorRule {
  /** HTTP status of an answer that this code refuses. */
  readonly status: number
  readonly message: string
}

/**
 * Every code a client can meet: HTTP status and default message. Refusals only: what a client must handle in the domain
 * is a member of a mutation's result union instead.
 */
export const ERRORS = {
  BAD_REQUEST: { status: 400, message: 'The request is not a GraphQL-over-HTTP request.' },
  DOCUMENT_INVALID: {
    status: 400,
    message: 'The document does not parse or does not fit the schema.',
  },
  DOCUMENT_TOO_LARGE: {
    status: 400,
    message: 'The document is larger or deeper than the limits allow.',
  },
  VARIABLE_INVALID: { status: 400, message: 'A variable does not fit its type.' },
  OPERATION_UNKNOWN: { status: 400, message: 'The document holds no such operation.' },
  CREDENTIALS_CONFLICT: { status: 400, message: 'Send an API key or a session, not both.' },
  KEY_IN_URL: {
    status: 400,
    message:
      'An API key never belongs in a URL. Send it as a Bearer credential, and replace this one.',
  },
  UNAUTHENTICATED: { status: 401, message: 'Present a valid API key or session.' },
  KEY_EXPIRED: { status: 401, message: 'This API key has expired. Make a new one.' },
  KEY_REVOKED: { status: 401, message: 'This API key was revoked.' },
  LEVEL_TOO_LOW: {
    status: 403,
    message: 'This credential does not reach the access level that the operation needs.',
  },
  SESSION_REQUIRED: { status: 403, message: 'An API key can not do this. Sign in.' },
  ACCOUNT_BLOCKED: { status: 403, message: 'The account is not active.' },
  KEY_RESTRICTED: { status: 403, message: 'This API key may not be used from here.' },
  CSRF_REFUSED: {
    status: 403,
    message:
      'Cookies of a session are for pages of an allowed origin that send the header Maat-Request: 1.',
  },
  NOT_FOUND: { status: 404, message: 'There is nothing at this path.' },
  METHOD_NOT_ALLOWED: { status: 405, message: 'This method is not allowed here.' },
  NOT_ACCEPTABLE: {
    status: 406,
    message: 'Accept application/graphql-response+json or application/json, in UTF-8.',
  },
  BODY_TOO_LARGE: { status: 413, message: 'The body is larger than the limit.' },
  MEDIA_TYPE_UNSUPPORTED: { status: 415, message: 'Send the body as application/json.' },
  COST_LIMIT_EXCEEDED: { status: 422, message: 'The operation costs more than one operation may.' },
  PAGE_SIZE_INVALID: { status: 422, message: 'A page size is out of bounds.' },
  CURSOR_INVALID: { status: 422, message: 'A cursor does not belong to this list.' },
  INPUT_INVALID: { status: 422, message: 'A value is out of bounds.' },
  ANSWER_TOO_LARGE: {
    status: 422,
    message: 'The answer is larger than the limit. Ask for smaller pages.',
  },
  RATE_LIMITED: { status: 429, message: 'Too much in too short a time. Wait, then try again.' },
  QUOTA_EXCEEDED: { status: 429, message: 'The quota for this window is spent.' },
  CONCURRENCY_LIMITED: { status: 429, message: 'Too many operations at the same time.' },
  CONSENT_REQUIRED: {
    status: 451,
    message: 'The account has not consented to the processing of this data.',
  },
  INTERNAL: { status: 500, message: 'Something went wrong on our side.' },
  UNAVAILABLE: { status: 503, message: 'The service is not available right now. Try again.' },
  OVERLOADED: { status: 503, message: 'The service is overloaded. Try again.' },
  DB_TIME_EXCEEDED: {
    status: 503,
    message: 'The operation took the database too long. Ask for less.',
  },
} as const satisfies Record<string, ErrorRule>

export type ErrorCode = keyof typeof ERRORS

/** One thing that is wrong with a request; a refusal names them all at once. */
export interface Problem {
  readonly code: ErrorCode
  readonly message: string
  /** Response path or input path, dotted; absent where the whole request is meant. */
  readonly path?: string
  readonly [detail: string]: unknown
}

export interface ApiErrorDetail {
  readonly message?: string
  /** The client is told of the first 100. */
  readonly problems?: readonly Problem[]
  readonly cause?: unknown
  /** The part of the document that is meant: its locations reach the client. */
  readonly at?: Pick<GraphQLError, 'source' | 'positions'>
  /** Further members of `extensions`; never a secret, never a measurement. */
  readonly extensions?: Readonly<Record<string, unknown>>
}

/** A refusal is never many times as large as what it refuses. */
const PROBLEMS_MAX = 100

/** A deliberate refusal: its message and extensions reach the client as they are. */
export class ApiError extends GraphQLError {
  override readonly name = 'ApiError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, detail: ApiErrorDetail = {}) {
    super(detail.message ?? ERRORS[code].message, {
      extensions: {
        code,
        ...detail.extensions,
        ...(detail.problems && { problems: detail.problems.slice(0, PROBLEMS_MAX) }),
      },
      source: detail.at?.source,
      positions: detail.at?.positions,
      ...(detail.cause instanceof Error ? { originalError: detail.cause } : {}),
    })
    this.code = code
    // A refusal is kept with its document or plan. A stack would keep all that was in hand when it was made: the syntax
    // tree, the variables. It says where we refuse, and the code says why.
    this.stack = `${this.name}: ${this.message}`
  }

  get status(): number {
    return ERRORS[this.code].status
  }
}

/** The refusal with this code. Throw it. */
export function apiError(code: ErrorCode, detail?: ApiErrorDetail): ApiError {
  return new ApiError(code, detail)
}

/** Why a process can not start: one line for the operator, cause and cure. Printed without a stack; exit code 1. */
export class StartError extends Error {
  override readonly name = 'StartError'
}
