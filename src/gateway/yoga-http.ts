import { GraphQLError } from 'graphql'
import type { YogaServerInstance } from 'graphql-yoga'

import type { ErrorCode } from '../errors.ts'
import { isWellFormedRefusal, refusalHeaders, type Answer } from './answer.ts'
import { maskFailure, type FailureLog } from './failure.ts'
import type { GatewayContext, GatewayRequest, GraphqlParameters } from './request.ts'

/** Puts the request through Yoga's own HTTP, and reads what comes out. */
export async function answerOverYoga(
  yoga: Pick<YogaServerInstance<GatewayContext, object>, 'fetch'>,
  context: GatewayContext,
): Promise<Answer> {
  const response = await yoga.fetch(yogaUrl(context), yogaInit(context), context)
  const headers: Record<string, string> = {}
  for (const [name, value] of response.headers) {
    if (name !== 'content-length') headers[name] = value
  }
  const body = await response.text()
  return { status: response.status, headers, body, code: codeOf(body) }
}

/** The code of the first error where the body begins with errors: it has no data then. */
function codeOf(body: string): ErrorCode | undefined {
  if (!body.startsWith('{"errors"')) return undefined
  const { errors } = JSON.parse(body) as {
    readonly errors: readonly { readonly extensions?: { readonly code?: ErrorCode } }[]
  }
  // Whatever is none of ours was masked.
  return errors[0]?.extensions?.code ?? 'INTERNAL'
}

/** The refusal as Yoga's HTTP reads it: `extensions.http` says status and headers, and never leaves. */
export function yogaError(error: unknown, log: FailureLog): GraphQLError {
  const refusal = maskFailure(error, log)
  const http = {
    status: refusal.status,
    headers: refusalHeaders([refusal]),
    // Yoga's word for "200 under application/json".
    spec: isWellFormedRefusal(refusal.code),
  }
  return new GraphQLError(refusal.message, {
    source: refusal.source,
    positions: refusal.positions,
    extensions: { ...refusal.extensions, http },
  })
}

function yogaUrl({ method, parameters }: GatewayRequest): string {
  if (method === 'POST') return ENDPOINT
  const search = new URLSearchParams({ query: parameters.query })
  if (parameters.operationName !== null) search.set('operationName', parameters.operationName)
  for (const name of ['variables', 'extensions'] as const) {
    if (parameters[name] !== null) search.set(name, JSON.stringify(parameters[name]))
  }
  return `${ENDPOINT}?${search}`
}

// Yoga matches the path alone.
const ENDPOINT = 'http://localhost/graphql'

function yogaInit({ method, parameters, mediaType, signal }: GatewayRequest): RequestInit {
  const headers = { accept: mediaType }
  if (method === 'GET') return { method, headers, ...(signal && { signal }) }
  return {
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(parameters satisfies GraphqlParameters),
    ...(signal && { signal }),
  }
}
