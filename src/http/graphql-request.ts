import { apiError, type ApiError, type Problem } from '../errors.ts'
import type { GraphqlParameters } from '../gateway/request.ts'

/**
 * The parameters in a JSON body.
 * @throws {ApiError} BAD_REQUEST with every problem
 * @see https://graphql.github.io/graphql-over-http/draft/#sec-Request-Parameters
 */
export function parseBodyParameters(text: string): GraphqlParameters {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    // What JSON.parse says quotes the body.
    throw badRequest([{ message: 'The body is not JSON.' }])
  }
  if (Array.isArray(body)) throw badRequest([{ message: 'Send one operation, not a batch.' }])
  if (!isObject(body)) throw badRequest([{ message: 'The body is not a JSON object.' }])
  return readParameters(body)
}

/**
 * The parameters in the query string of a GET request; `variables` and `extensions` are JSON there.
 * @throws {ApiError} BAD_REQUEST with every problem
 */
export function parseSearchParameters(search: URLSearchParams): GraphqlParameters {
  const given: Record<string, unknown> = Object.create(null)
  const faults: Fault[] = []
  for (const name of new Set(search.keys())) {
    const [value = '', ...more] = search.getAll(name)
    if (more.length > 0) faults.push({ path: name, message: `${name} is given more than once.` })
    if (value === '') continue
    if (name !== 'variables' && name !== 'extensions') {
      given[name] = value
      continue
    }
    try {
      given[name] = JSON.parse(value)
    } catch {
      faults.push({ path: name, message: `${name} is not JSON.` })
    }
  }
  if (faults.length > 0) throw badRequest(faults)
  return readParameters(given)
}

interface Fault {
  readonly path?: string
  readonly message: string
}

function readParameters(given: Readonly<Record<string, unknown>>): GraphqlParameters {
  // Own members only: a body's "__proto__" is a member like any other, and an unknown one.
  const { query, variables, operationName, extensions } = given
  if (
    typeof query === 'string' &&
    isMap(variables) &&
    isName(operationName) &&
    isMap(extensions) &&
    Object.keys(given).every((name) => PARAMETERS.has(name))
  ) {
    return {
      query,
      variables: variables ?? null,
      operationName: operationName === '' ? null : (operationName ?? null),
      extensions: extensions ?? null,
    }
  }
  throw badRequest(faultsOf(given))
}

const PARAMETERS: ReadonlySet<string> = new Set([
  'query',
  'variables',
  'operationName',
  'extensions',
])

function faultsOf(given: Readonly<Record<string, unknown>>): Fault[] {
  const faults: Fault[] = []
  const { query, variables, operationName, extensions } = given
  if (query == null) faults.push({ path: 'query', message: 'query is missing.' })
  else if (typeof query !== 'string') {
    faults.push({ path: 'query', message: 'query is not a string.' })
  }
  if (!isMap(variables)) faults.push({ path: 'variables', message: 'variables is not an object.' })
  if (!isName(operationName)) {
    faults.push({ path: 'operationName', message: 'operationName is not a string.' })
  }
  if (!isMap(extensions)) {
    faults.push({ path: 'extensions', message: 'extensions is not an object.' })
  }
  if (Object.keys(given).some((name) => !PARAMETERS.has(name))) {
    faults.push({ message: `Only ${[...PARAMETERS].join(', ')} are parameters.` })
  }
  return faults
}

function badRequest(faults: readonly Fault[]): ApiError {
  const problems = faults.map((fault): Problem => ({ code: 'BAD_REQUEST', ...fault }))
  return apiError('BAD_REQUEST', { message: problems[0]?.message, problems })
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> | null | undefined {
  return value == null || isObject(value)
}

function isName(value: unknown): value is string | null | undefined {
  return value == null || typeof value === 'string'
}
