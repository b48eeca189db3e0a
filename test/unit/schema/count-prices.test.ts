import { parse } from 'graphql'
import { expect, test } from 'vitest'

import { countPrices, pointsOf } from '../../../src/schema/count-prices.ts'
import { PAYMENTS } from '../../../src/schema/payments.ts'
import { FIELD_PRICES } from '../../../src/schema/prices.ts'
import { schema } from '../../../src/schema/schema.ts'

function counted(document: string, data: unknown) {
  const counts = countPrices(schema, parse(document), data)
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
}

test('a field counts once for each object that is asked for it, and each object once', () => {
  const document = `{ me { sets: measurementSets(first: 9) { totalCount nodes { name owner { username } } pageInfo { endCursor } } } }`
  const set = { name: 'a', owner: { username: 'b' } }
  const sets = { totalCount: 2, nodes: [set, set], pageInfo: { endCursor: null } }
  expect(counted(document, { me: { sets } })).toEqual({
    operation: 1,
    // The account, two sets and their owners.
    object: 5,
    connection: 1,
    totalCount: 1,
    relation: 3,
  })
})

test('what is null has no object, and was asked for all the same', () => {
  expect(
    counted('{ measurementSet(id: "set_1") { baseSet { name } } }', { measurementSet: null }),
  ).toEqual({ operation: 1, relation: 1 })
})

test('an inline fragment counts for the objects of its type', () => {
  const document = `{ nodes(ids: []) { __typename ... on MeasurementSet { measurementList { value } } ... on Pattern { data } } }`
  const nodes = [
    { __typename: 'MeasurementSet', measurementList: [{ value: 1 }] },
    { __typename: 'Pattern', data: {} },
    null,
  ]
  expect(counted(document, { nodes })).toMatchObject({
    operation: 1,
    list: 1,
    'scalar-list': 1,
    'large-json': 1,
  })
})

test('what can not be told apart is no guess', () => {
  expect(() => counted('{ node(id: "x") { id } }', { node: { id: 'x' } })).toThrow('__typename')
  expect(() => counted('{ ...All } fragment All on Query { version }', {})).toThrow('Fragments')
})

test('every price but the free one is a payment, beside the operation and its objects', () => {
  const { shape, ...prices } = FIELD_PRICES
  expect(shape).toBe(0)
  expect(PAYMENTS).toEqual({ operation: 1, object: 1, ...prices })
})

test('points are what the counts pay', () => {
  const counts = countPrices(schema, parse('{ measurementSets { nodes { name } } }'), {
    measurementSets: { nodes: [{ name: 'a' }] },
  })
  expect(pointsOf(counts)).toBe(1 + FIELD_PRICES.connection + 1)
})
