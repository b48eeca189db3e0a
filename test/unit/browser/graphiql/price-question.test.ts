import { buildSchema } from 'graphql'
import { expect, test } from 'vitest'

import { priceQuestion, type Draft } from '../../../../src/browser/graphiql/price-question.ts'

const schema = buildSchema(`
  type Query { name: String, set(id: ID!): String }
  type Mutation { rename(name: String!): String }
`)
const FINISHED: Draft = {
  document: '{ name }',
  variables: '',
  headers: '',
  operationName: null,
  held: { kind: 'none' },
  schema,
}
const SEVERAL = 'query A { name } query B { set(id: 1) }'
const WITH_VARIABLE = 'query ($id: ID!) { set(id: $id) }'

test('a finished draft asks for its price with what a run would send', () => {
  const asked = question({
    document: WITH_VARIABLE,
    variables: '{ "id": "7" }',
    headers: '{ "X-Trace": 5 }',
    held: { kind: 'accepted', key: 'secret', username: 'demo', role: null },
  })
  expect(asked).toEqual({
    operation: { query: WITH_VARIABLE, operationName: null, variables: { id: '7' } },
    changes: 'nothing',
    oneOf: null,
    key: 'secret',
    headers: { 'x-trace': '5' },
  })
})

test('of several operations the selected one is asked about', () => {
  expect(question({ document: SEVERAL, operationName: 'B' })).toMatchObject({
    operation: { operationName: 'B' },
    oneOf: 'B',
  })
})

test('a mutation is known for one', () => {
  expect(question({ document: 'mutation { rename(name: "A") }' })?.changes).toBe('something')
})

test.each([
  ['is empty', { document: '' }],
  ['holds comments alone', { document: '# later' }],
  ['does not parse', { document: '{ name' }],
  ['does not fit the schema', { document: '{ nam }' }],
  ['holds fragments alone', { document: 'fragment F on Query { name }' }],
  ['holds several operations, of which none is selected', { document: SEVERAL }],
  ['has lost the selected operation', { document: SEVERAL, operationName: 'C' }],
  ['lacks a variable', { document: WITH_VARIABLE }],
  ['has variables that are not finished', { variables: '{ "id": ' }],
  ['has headers that are not finished', { headers: '{ "X-' }],
  ['waits for the schema', { schema: null }],
  ['waits for its key', { held: { kind: 'checking', key: 'secret' } }],
  ['has an unknown key', { held: refused('UNAUTHENTICATED') }],
  ['has an expired key', { held: refused('KEY_EXPIRED') }],
] as const)('a draft that %s asks nothing', (_state, change) => {
  expect(question(change)).toBeNull()
})

test('a key that was refused for its budget alone is still asked with', () => {
  expect(question({ held: refused('RATE_LIMITED') })?.key).toBe('secret')
})

function question(change: Partial<Draft>) {
  return priceQuestion({ ...FINISHED, ...change }, readJson)
}

function readJson(text: string): Record<string, unknown> | undefined {
  return text === '' ? undefined : JSON.parse(text)
}

function refused(code: string) {
  return { kind: 'refused', key: 'secret', code, message: code } as const
}
