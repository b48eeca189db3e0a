import type { ErrorCode } from '../../src/errors.ts'
import type { HttpRequest } from './http-request.ts'

/** Whose credentials a request carries. */
export type Asking =
  | 'nobody'
  | 'a guess'
  | 'ada'
  | 'ada at level 0'
  | 'an expired key'
  | 'a revoked key'
  | 'somebody blocked'
  | 'somebody without consent'
  | 'somebody in a hurry'
  | 'somebody who has spent the day'
  | 'somebody who runs enough'
  | 'somebody who tried too often'

/** A request that is refused, as an operation over POST and over GET, or as exactly this. */
export interface RefusedRequest {
  readonly code: ErrorCode
  /** As application/graphql-response+json; as application/json too, but for documents and variables that do not fit. */
  readonly status: number
  readonly who?: Asking
  /** Parameters of the operation. */
  readonly asked?: { readonly query: string; readonly [parameter: string]: unknown }
  readonly exactly?: HttpRequest
  readonly headers?: Readonly<Record<string, string>>
  /** Points; null where the request is refused before it has a price. */
  readonly estimated?: number
}

/** The query 1, the list 5, and 1 for each set. */
const LIST_OF_50 = { query: '{ measurementSets(first: 50) { nodes { name } } }' }
const VERSION = { query: '{ version }' }

const JSON_BODY = { 'content-type': 'application/json' }

function posted(body: string, headers: Readonly<Record<string, string>> = JSON_BODY): HttpRequest {
  return { method: 'POST', headers, body }
}

/** Every way to be refused by the schema as it is, but for what fails inside. */
export const REFUSED: Readonly<Record<string, RefusedRequest>> = {
  'a body that is no JSON': { code: 'BAD_REQUEST', status: 400, exactly: posted('{ "query') },
  'no document': { code: 'BAD_REQUEST', status: 400, exactly: posted('{}') },
  'variables that are no JSON': {
    code: 'BAD_REQUEST',
    status: 400,
    exactly: { path: '/graphql?query={version}&variables={' },
  },
  'a GraphQL-Cost that nobody knows': {
    code: 'BAD_REQUEST',
    status: 400,
    who: 'ada',
    asked: VERSION,
    headers: { 'graphql-cost': 'maybe' },
  },
  'a document that does not parse': {
    code: 'DOCUMENT_INVALID',
    status: 400,
    asked: { query: '{ me {' },
  },
  'a field that is not there': {
    code: 'DOCUMENT_INVALID',
    status: 400,
    who: 'ada',
    asked: { query: '{ nothing }' },
  },
  'a document too deep': {
    code: 'DOCUMENT_TOO_LARGE',
    status: 400,
    who: 'ada',
    asked: { query: `${'{ me '.repeat(12)}${'}'.repeat(12)}` },
  },
  'a variable of another type': {
    code: 'VARIABLE_INVALID',
    status: 400,
    who: 'ada',
    asked: { query: 'query($id: ID!) { node(id: $id) { id } }', variables: { id: true } },
  },
  'an operation that is not there': {
    code: 'OPERATION_UNKNOWN',
    status: 400,
    asked: { query: 'query A { version }', operationName: 'B' },
  },
  'a key in the URL': {
    code: 'KEY_IN_URL',
    status: 400,
    exactly: { path: '/graphql?query={version}&key=maat_sk_x' },
  },
  'nobody’s own account': {
    code: 'UNAUTHENTICATED',
    status: 401,
    asked: { query: '{ me { id } }' },
  },
  'a wrong key': { code: 'UNAUTHENTICATED', status: 401, who: 'a guess', asked: VERSION },
  'an expired key': { code: 'KEY_EXPIRED', status: 401, who: 'an expired key', asked: VERSION },
  'a key and a session': {
    code: 'CREDENTIALS_CONFLICT',
    status: 400,
    who: 'ada',
    asked: VERSION,
    headers: { cookie: 'maat_access=x' },
  },
  'a session of a page that does not say so': {
    code: 'CSRF_REFUSED',
    status: 403,
    asked: VERSION,
    headers: { cookie: 'maat_access=x' },
  },
  'a key for what takes a session': {
    code: 'SESSION_REQUIRED',
    status: 403,
    who: 'ada',
    asked: { query: '{ sessions { nodes { id } } }' },
  },
  'a revoked key': { code: 'KEY_REVOKED', status: 401, who: 'a revoked key', asked: VERSION },
  'a level too low': {
    code: 'LEVEL_TOO_LOW',
    status: 403,
    who: 'ada at level 0',
    asked: LIST_OF_50,
  },
  'a blocked account': {
    code: 'ACCOUNT_BLOCKED',
    status: 403,
    who: 'somebody blocked',
    asked: LIST_OF_50,
  },
  'no consent': {
    code: 'CONSENT_REQUIRED',
    status: 451,
    who: 'somebody without consent',
    asked: LIST_OF_50,
  },
  'a path that is not there': { code: 'NOT_FOUND', status: 404, exactly: { path: '/nowhere' } },
  'a method that is none': {
    code: 'METHOD_NOT_ALLOWED',
    status: 405,
    exactly: { ...posted('{}'), method: 'PUT' },
  },
  'a mutation over GET': {
    code: 'METHOD_NOT_ALLOWED',
    status: 405,
    exactly: { path: '/graphql?query=mutation{rename}' },
  },
  'a body too large': {
    code: 'BODY_TOO_LARGE',
    status: 413,
    exactly: posted(JSON.stringify({ query: 'x'.repeat(100_000) })),
  },
  'a form': {
    code: 'MEDIA_TYPE_UNSUPPORTED',
    status: 415,
    exactly: posted('query={version}', { 'content-type': 'application/x-www-form-urlencoded' }),
  },
  'a page too large': {
    code: 'PAGE_SIZE_INVALID',
    status: 422,
    who: 'ada',
    asked: { query: '{ measurementSets(first: 101) { totalCount } }' },
  },
  'a cursor of nothing': {
    code: 'CURSOR_INVALID',
    status: 422,
    who: 'ada',
    asked: { query: '{ measurementSets(after: "x") { totalCount } }' },
  },
  'too many ids': {
    code: 'INPUT_INVALID',
    status: 422,
    who: 'ada',
    asked: {
      query: 'query($ids: [ID!]!) { nodes(ids: $ids) { id } }',
      variables: { ids: Array.from({ length: 21 }, String) },
    },
  },
  'an operation too dear': {
    code: 'COST_LIMIT_EXCEEDED',
    status: 422,
    who: 'ada',
    asked: {
      query: '{ measurementSets(first: 100) { nodes { patterns(first: 100) { nodes { id } } } } }',
    },
    estimated: 1 + 5 + 100 * (1 + 5 + 100),
  },
  'an empty burst': {
    code: 'RATE_LIMITED',
    status: 429,
    who: 'somebody in a hurry',
    asked: LIST_OF_50,
    estimated: 56,
  },
  'no attempts left': {
    code: 'RATE_LIMITED',
    status: 429,
    who: 'somebody who tried too often',
    asked: VERSION,
  },
  'an empty day': {
    code: 'QUOTA_EXCEEDED',
    status: 429,
    who: 'somebody who has spent the day',
    asked: LIST_OF_50,
    estimated: 56,
  },
  'too much at the same time': {
    code: 'CONCURRENCY_LIMITED',
    status: 429,
    who: 'somebody who runs enough',
    asked: VERSION,
    estimated: 1,
  },
}
