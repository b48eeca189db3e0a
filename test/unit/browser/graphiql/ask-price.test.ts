import type { FormattedExecutionResult } from 'graphql'
import { expect, test } from 'vitest'

import { createAskPrice } from '../../../../src/browser/graphiql/ask-price.ts'
import type { Credentials, Operation } from '../../../../src/browser/graphiql/post-operation.ts'
import type { PriceQuestion } from '../../../../src/browser/graphiql/price-question.ts'

const HEEDS = { data: null, extensions: { cost: { estimated: 21, actual: 0, verdict: 'RUN' } } }
const RUNS = { data: { name: 'A' } }
const QUERY: PriceQuestion = {
  operation: { query: '{ name }' },
  changes: 'nothing',
  oneOf: null,
  key: 'secret',
  headers: {},
}
const MUTATION = {
  ...QUERY,
  operation: { query: 'mutation { rename }' },
  changes: 'something',
} as const
const PROBE = '{ __typename }'
const { signal } = new AbortController()

test('a question carries the key, and asks not to run', async () => {
  const { ask, sent } = gateway(HEEDS)
  expect(await ask(QUERY, signal)).toEqual({ kind: 'runs', points: 21 })
  expect(sent).toEqual([
    { query: '{ name }', key: 'secret', headers: new Headers({ 'graphql-cost': 'validate' }) },
  ])
})

test('a header that a person wrote does not make the question a run', async () => {
  const { ask, sent } = gateway(HEEDS)
  await ask({ ...QUERY, headers: { 'graphql-cost': 'report', 'x-trace': '5' } }, signal)
  expect(sent[0]?.headers.get('graphql-cost')).toBe('validate')
  expect(sent[0]?.headers.get('x-trace')).toBe('5')
})

test('a mutation is asked about once a query was not run', async () => {
  const { ask, sent } = gateway(HEEDS)
  await ask(MUTATION, signal)
  await ask(MUTATION, signal)
  expect(sent.map(({ query }) => query)).toEqual([
    PROBE,
    MUTATION.operation.query,
    MUTATION.operation.query,
  ])
})

test('a mutation never reaches a gateway that runs what it is asked about', async () => {
  const { ask, sent } = gateway(RUNS)
  expect(await ask(MUTATION, signal)).toBeNull()
  expect(await ask(MUTATION, signal)).toBeNull()
  expect(sent.map(({ query }) => query)).toEqual([PROBE])
})

test('a gateway that runs what it is asked about is asked no more', async () => {
  const { ask, sent } = gateway(RUNS)
  expect(await ask(QUERY, signal)).toBeNull()
  expect(await ask(QUERY, signal)).toBeNull()
  expect(sent).toHaveLength(1)
})

/** A gateway that gives this answer to everything, and what it was sent. */
function gateway(result: FormattedExecutionResult) {
  const sent: { query: string; key: string | null; headers: Headers }[] = []
  const ask = createAskPrice(async ({ query }: Operation, { key, headers }: Credentials) => {
    sent.push({ query, key, headers: new Headers(headers) })
    return { result, status: 200, durationMs: 1, sizeBytes: 1, requestId: null }
  })
  return { ask, sent }
}
