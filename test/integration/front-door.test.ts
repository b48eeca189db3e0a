import { describe, expect, test } from 'vitest'

import { testGateway } from '../support/gateway.ts'
import type { HttpAnswer, HttpRequest } from '../support/http-request.ts'
import { SMALL } from '../support/small-schema.ts'

// On a clock that stands nothing fills again: what is left depends on what was asked before, alike at both doors.
const monotonic = () => 0
const front = await testGateway({ ...SMALL, monotonic })
const yoga = await testGateway({ ...SMALL, monotonic, door: 'yoga' })

const JSON_TYPE = 'application/json'
const RESPONSE_TYPE = 'application/graphql-response+json'

/** What is asked, and what must come of it under either media type of an answer. */
const OPERATIONS: Readonly<Record<string, object>> = {
  'a query': { query: '{ me { username friend { username } } }' },
  'an alias': { query: '{ a: me { b: username } }' },
  'a query with a comment and characters beyond ASCII': { query: '{ echo(text: "é🏃") } # ü' },
  'a variable': { query: 'query($t: String) { echo(text: $t) }', variables: { t: '✂' } },
  'a variable named __proto__': {
    query: 'query($__proto__: String) { echo(text: $__proto__) }',
    variables: JSON.parse('{"__proto__":"x"}'),
  },
  'one operation of two': {
    query: 'query A { me { username } } query B { me { __typename } }',
    operationName: 'B',
  },
  'a mutation': { query: 'mutation { rename(name: "x") }' },
  extensions: { query: '{ __typename }', extensions: { a: 1 } },
  introspection: { query: '{ __schema { queryType { name } } }' },
  'an unknown operation': { query: 'query A { __typename }', operationName: 'B' },
  'an operation of several, unnamed': { query: 'query A { __typename } query B { __typename }' },
  'two anonymous operations': { query: '{ __typename } { __typename }' },
  'an unknown operation of an invalid document': { query: 'query A { no }', operationName: 'B' },
  'a document without an operation': { query: 'fragment A on Query { __typename }' },
  'a document that does not parse': { query: '{ me {' },
  'an empty document': { query: '' },
  'an unknown field': { query: '{ me { usernam } }' },
  'twenty unknown fields': {
    query: `{ ${Array.from({ length: 20 }, (_, i) => `f${i}`).join(' ')} }`,
  },
  'a subscription': { query: 'subscription { me }' },
  'a fragment that spreads itself': { query: '{ ...A } fragment A on Query { ...A }' },
  'a missing variable': { query: 'query($t: Unit!) { echo(unit: $t) }' },
  'a wrong variable': { query: 'query($t: Unit) { echo(unit: $t) }', variables: { t: 'INC' } },
  'a document too deep': {
    query: `${'{ me { friend '.repeat(1)}${'{ friend '.repeat(12)}{ username }${'}'.repeat(14)}`,
  },
  'too many aliases': {
    query: `{ ${Array.from({ length: 16 }, (_, i) => `a${i}: __typename`).join(' ')} }`,
  },
  'too many directives': { query: `{ __typename ${'@skip(if: false) '.repeat(9)} }` },
  'too many tokens': { query: `{ ${'__typename '.repeat(1_000)} }` },
  'a document too long': { query: `{ __typename } # ${'x'.repeat(16_384)}` },
  'a name too often': { query: `{ me { ${'username '.repeat(51)} } }` },
  'a defect': { query: '{ defect }' },
  'an outage': { query: '{ outage }' },
  'an answer too large': { query: '{ large }' },
  'a query that is no text': { query: 1 },
  'variables that are a list': { query: '{ __typename }', variables: [] },
  'an unknown parameter': { query: '{ __typename }', id: 1 },
  'no parameters': {},
}

const REQUESTS: Readonly<Record<string, HttpRequest>> = {
  ...Object.fromEntries(
    Object.entries(OPERATIONS).flatMap(([name, body]) =>
      [JSON_TYPE, RESPONSE_TYPE].map((accept) => [
        `${name}, as ${accept}`,
        posted(JSON.stringify(body), { accept }),
      ]),
    ),
  ),
  'no Accept field': posted('{"query":"{ __typename }"}', {}),
  'any media type': posted('{"query":"{ __typename }"}', { accept: '*/*' }),
  'no media type of ours': posted('{"query":"{ __typename }"}', { accept: 'text/event-stream' }),
  'parts of an answer': posted('{"query":"{ __typename }"}', { accept: 'multipart/mixed' }),
  'a batch': posted('[{"query":"{ __typename }"}]'),
  'a body that is no JSON': posted('{ "query'),
  'no body': posted(''),
  'a body that is no UTF-8': posted(Buffer.from([0x22, 0xff, 0x22])),
  'a body too large': posted(JSON.stringify({ query: 'x'.repeat(100_000) })),
  'a compressed body': posted('{}', { 'content-encoding': 'gzip' }),
  'a form': posted('query={__typename}', { 'content-type': 'application/x-www-form-urlencoded' }),
  'a multipart form': posted('--x--', { 'content-type': 'multipart/form-data; boundary=x' }),
  'plain text': posted('{"query":"{ __typename }"}', { 'content-type': 'text/plain' }),
  'a bare document': posted('{ __typename }', { 'content-type': 'application/graphql' }),
  'another encoding of the text': posted('{}', {
    'content-type': 'application/json; charset=utf-16',
  }),
  'a wrong key': posted('{"query":"{ __typename }"}', { authorization: 'Bearer wrong' }),
  'another origin': posted('{"query":"{ __typename }"}', { origin: 'https://elsewhere.example' }),
  'a key in the URL': { ...posted('{"query":"{ __typename }"}'), path: '/graphql?key=maat_sk_x' },
  'an unknown path': { ...posted('{}'), path: '/graphiql' },
  'GET with a query': { path: '/graphql?query={me{username}}' },
  'GET with a mutation': { path: '/graphql?query=mutation{rename(name:"x")}' },
  'GET without a query': {},
  'GET with variables that are no JSON': { path: '/graphql?query={__typename}&variables={' },
  'a preflight': { method: 'OPTIONS', headers: { origin: 'https://elsewhere.example' } },
  PUT: { ...posted('{}'), method: 'PUT' },
  DELETE: { method: 'DELETE' },
  HEAD: { method: 'HEAD' },
}

describe('front door and Yoga’s own HTTP give the same status, fields and body', () => {
  // Twice: the second time the document is known.
  test.each(Object.entries(REQUESTS))('for %s', async (_name, request) => {
    const unknown = [await front.send(request), await yoga.send(request)].map(timeless)
    const known = [await front.send(request), await yoga.send(request)].map(timeless)
    expect(unknown[1]).toEqual(unknown[0])
    expect(known[1]).toEqual(known[0])
    expect(withoutRemainders(known)).toEqual(withoutRemainders(unknown))
  })
})

test('no plugin of ours hooks into Yoga’s own HTTP: the front door would never run it', () => {
  const hooks = front.gateway.plugins.flatMap((plugin) => Object.keys(plugin))
  expect(hooks.filter((hook) => ONLY_OVER_YOGA.has(hook))).toEqual([])
  expect(hooks).toContain('onExecute')
})

const ONLY_OVER_YOGA: ReadonlySet<string> = new Set([
  'onRequest',
  'onRequestParse',
  'onParams',
  'onExecutionResult',
  'onResultProcess',
  'onResponse',
])

function posted(
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): HttpRequest {
  return {
    method: 'POST',
    headers: { 'content-type': JSON_TYPE, 'x-request-id': 'the-same', ...headers },
    body,
  }
}

/** An answer without what tells its time, the seconds until the day ends among it, and without its length. */
function timeless({ status, headers, body }: HttpAnswer) {
  const { date: _date, 'x-request-id': _id, 'content-length': _length, ...fields } = headers
  const text = JSON.stringify({ status, fields, body: body.replace(/"resetSeconds":\d+/, '') })
  return JSON.parse(text.replaceAll(/;t=\d+/g, ''))
}

/** The same without what is left: asking once more leaves less. */
function withoutRemainders(answers: readonly object[]) {
  const text = JSON.stringify(answers)
  return text.replaceAll(/;r=\d+|"remaining\\":\d+/g, '')
}
