import { describe, expect, test } from 'vitest'

import { ApiError } from '../../../src/errors.ts'
import { parseBodyParameters, parseSearchParameters } from '../../../src/http/graphql-request.ts'

const NOTHING = { variables: null, operationName: null, extensions: null }

describe('a body', () => {
  test('gives its four parameters', () => {
    const given = { query: '{ a }', variables: { b: 1 }, operationName: 'C', extensions: { d: 2 } }
    expect(parseBodyParameters(JSON.stringify(given))).toEqual(given)
  })

  test('gives null for what is absent or null, and for an empty operation name', () => {
    expect(parseBodyParameters('{"query":"{ a }"}')).toEqual({ query: '{ a }', ...NOTHING })
    expect(
      parseBodyParameters(
        '{"query":"{ a }","variables":null,"operationName":"","extensions":null}',
      ),
    ).toEqual({ query: '{ a }', ...NOTHING })
  })

  test('that is a batch is refused', () => {
    expect(problemsOf(() => parseBodyParameters('[{"query":"{ a }"}]'))).toEqual([
      'Send one operation, not a batch.',
    ])
  })

  test.each([
    ['not JSON', '{ "not a JSON'],
    ['empty', ''],
    ['a string', '"{ a }"'],
    ['null', 'null'],
    ['a number', '1'],
    ['without a query', '{}'],
  ])('that is %s is refused', (_case, text) => {
    expect(problemsOf(() => parseBodyParameters(text))).toHaveLength(1)
  })

  test('is refused with all its problems at once', () => {
    const text = '{"query":1,"variables":[],"operationName":{},"extensions":"x","batch":true}'
    expect(problemsOf(() => parseBodyParameters(text))).toEqual([
      'query is not a string.',
      'variables is not an object.',
      'operationName is not a string.',
      'extensions is not an object.',
      'Only query, variables, operationName, extensions are parameters.',
    ])
  })

  test('never quotes what it refuses', () => {
    expect(problemsOf(() => parseBodyParameters('{"query": canary}')).join()).not.toContain(
      'canary',
    )
  })

  test('with a member __proto__ is refused, and Object.prototype stays as it is', () => {
    const text = '{"query":"{ a }","__proto__":{"polluted":true}}'
    expect(problemsOf(() => parseBodyParameters(text))).toHaveLength(1)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  test('keeps a variable named __proto__ a variable like any other', () => {
    const { variables } = parseBodyParameters('{"query":"{ a }","variables":{"__proto__":1}}')
    expect(Object.keys(variables ?? {})).toEqual(['__proto__'])
  })
})

describe('a query string', () => {
  test('gives its four parameters, two of them JSON', () => {
    const search = new URLSearchParams({
      query: '{ a }',
      variables: '{"b":1}',
      operationName: 'C',
      extensions: '{"d":2}',
    })
    expect(parseSearchParameters(search)).toEqual({
      query: '{ a }',
      variables: { b: 1 },
      operationName: 'C',
      extensions: { d: 2 },
    })
  })

  test.each([
    ['a parameter given twice', 'query={a}&query={b}', 'query is given more than once.'],
    ['variables that are not JSON', 'query={a}&variables={', 'variables is not JSON.'],
    ['variables that are a list', 'query={a}&variables=[]', 'variables is not an object.'],
    ['extensions that are text', 'query={a}&extensions="x"', 'extensions is not an object.'],
    ['no query', '', 'query is missing.'],
    ['an empty query', 'query=', 'query is missing.'],
    [
      'another parameter',
      'query={a}&id=1',
      'Only query, variables, operationName, extensions are parameters.',
    ],
    [
      'a parameter __proto__',
      'query={a}&__proto__=1',
      'Only query, variables, operationName, extensions are parameters.',
    ],
  ])('with %s is refused', (_case, search, message) => {
    expect(problemsOf(() => parseSearchParameters(new URLSearchParams(search)))).toEqual([message])
  })
})

function problemsOf(parse: () => unknown): string[] {
  try {
    parse()
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'BAD_REQUEST') throw error
    // Every refusal of this parser lists its problems.
    return (error.extensions['problems'] as { message: string }[]).map(({ message }) => message)
  }
  throw new Error('It was not refused.')
}
