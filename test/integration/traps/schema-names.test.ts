import { expect, test } from 'vitest'

import { testGateway } from '../../support/gateway.ts'
import { costOf } from '../../support/told-cost.ts'

const gateway = await testGateway()

// The query 1, the list 5, and 1 for each set.
const SETS = 'curatedSets(first: 50) { nodes { id } }'
const POINTS = 1 + 5 + 50

test.each([
  ['an alias named __schema', `{ __schema: ${SETS} }`],
  ['an alias named __type', `{ __type: ${SETS} }`],
  ['an alias named __typename', `{ __typename: ${SETS} }`],
  ['a fragment named __schema', `{ ...__schema } fragment __schema on Query { ${SETS} }`],
  ['an operation named __schema', `query __schema { ${SETS} }`],
  [
    'a variable named __schema',
    `query($__schema: Boolean = true) { ${SETS.replace(' {', ' @include(if: $__schema) {')} }`,
  ],
  ['both at once', `{ ...__type } fragment __type on Query { __schema: ${SETS} }`],
])('data costs what data costs under the names of introspection: %s', async (_name, document) => {
  const answer = await gateway.post(document)
  expect([answer.codes, costOf(answer).estimated]).toEqual([[], POINTS])
})

test('introspection costs what introspection costs under the names of data', async () => {
  const answer = await gateway.post(`{ curatedSets: __schema { queryType { name } } }`)
  expect(answer.data).toEqual({ curatedSets: { queryType: { name: 'Query' } } })
  expect(costOf(answer).estimated).toBe(1)
})

test('beside introspection data costs what it costs alone', async () => {
  const answer = await gateway.post(`{ __schema { queryType { name } } __typename ${SETS} }`)
  expect(costOf(answer).estimated).toBe(POINTS + 1)
})
