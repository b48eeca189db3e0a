import type { FormattedExecutionResult } from 'graphql'

export interface Operation {
  readonly query: string
  readonly operationName?: string | null | undefined
  readonly variables?: unknown
}

export interface Credentials {
  /** null: the request is anonymous. */
  readonly key: string | null
  /** Headers that a person wrote; they win over ours. */
  readonly headers?: Readonly<Record<string, string>>
}

export interface Answer {
  readonly result: FormattedExecutionResult
  readonly status: number
  readonly durationMs: number
  readonly sizeBytes: number
  /** What the operator asks for when a request has to be found in the logs. */
  readonly requestId: string | null
}

/**
 * The gateway's answer, whatever its status. The session cookie never goes along.
 * @throws {Error} when the gateway can not be reached, answers something that is not JSON, or the signal aborts
 */
export async function postOperation(
  operation: Operation,
  { key, headers = {} }: Credentials,
  signal: AbortSignal | null = null,
): Promise<Answer> {
  const sentAt = performance.now()
  const response = await fetch('/graphql', {
    method: 'POST',
    credentials: 'omit',
    headers: requestHeaders(key, headers),
    body: JSON.stringify(operation),
    signal,
  }).catch((cause: unknown) => {
    throw new Error('The gateway can not be reached.', { cause })
  })
  const text = await response.text()
  return {
    result: parseResult(text, response.status),
    status: response.status,
    durationMs: performance.now() - sentAt,
    sizeBytes: new TextEncoder().encode(text).byteLength,
    requestId: response.headers.get('x-request-id'),
  }
}

function requestHeaders(key: string | null, written: Readonly<Record<string, string>>): Headers {
  const headers = new Headers({
    accept: 'application/graphql-response+json',
    'content-type': 'application/json',
  })
  if (key !== null) headers.set('authorization', `Bearer ${key}`)
  for (const [name, value] of Object.entries(written)) headers.set(name, value)
  return headers
}

function parseResult(text: string, status: number): FormattedExecutionResult {
  try {
    // The gateway speaks GraphQL over HTTP; what it answers is shown, never trusted.
    return JSON.parse(text) as FormattedExecutionResult
  } catch (cause) {
    throw new Error(`The gateway answered ${status} without JSON.`, { cause })
  }
}
