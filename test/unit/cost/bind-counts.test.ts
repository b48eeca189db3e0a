import { describe, expect, test } from 'vitest'

import { compile } from '../../support/price.ts'

/** A small copy of what Maat has: connections, relations that may be null, objects by id. */
const SDL = `
  type Query @cost(weight: "0") {
    me: Account
    sets(first: Int): SetConnection! @cost(weight: "5")
      @listSize(assumedSize: 20, slicingArguments: ["first"], sizedFields: ["nodes", "edges"])
    node(id: ID): Node
    nodes(ids: [ID]): [Node]! @cost(weight: "5") @listSize(assumedSize: 20)
    fixed: [Account!]! @listSize(assumedSize: 3)
  }
  interface Node { id: ID owner: Account! }
  type Account { id: ID tags: [Tag!] @listSize(assumedSize: 4) sets(first: Int): SetConnection! @cost(weight: "5")
    @listSize(assumedSize: 20, slicingArguments: ["first"], sizedFields: ["nodes", "edges"]) }
  type SetConnection @cost(weight: "0") { nodes: [Set!]! @cost(weight: "0") edges: [Edge!]! @cost(weight: "0") total: Int @cost(weight: "5") }
  type Edge @cost(weight: "0") { node: Set! @cost(weight: "0") }
  type Set implements Node { id: ID owner: Account! base: Set json: Int @cost(weight: "5") }
  type Pattern implements Node @cost(weight: "2") { id: ID owner: Account! set: Set }
  scalar Tag @cost(weight: "1")
`
interface Case {
  readonly operation: string
  readonly counts: Readonly<Record<string, number>>
  readonly variables?: Readonly<Record<string, unknown>>
}

function charge({ operation, counts, variables = {} }: Case): number {
  const labels = Object.keys(counts)
  const bound = compile(SDL, operation).bindCounts(labels, variables)
  return bound(Object.values(counts), variables)
}

describe('what was counted is charged', () => {
  test.each<[string, Case, number]>([
    [
      'a connection by the rows of its page',
      { operation: '{ sets(first: 10) { nodes { id } } }', counts: { sets: 7 } },
      5 + 7,
    ],
    [
      'edges and nodes alike',
      { operation: '{ sets(first: 10) { edges { node { id } } } }', counts: { sets: 7 } },
      5 + 7,
    ],
    [
      'the same list under two names twice',
      { operation: '{ sets { a: nodes { id } b: nodes { id } } }', counts: { sets: 7 } },
      5 + 14,
    ],
    [
      'what a page has beside its rows once',
      { operation: '{ sets { nodes { id } total } }', counts: { sets: 7 } },
      5 + 5 + 7,
    ],
    [
      'a page of nothing by its call',
      { operation: '{ sets { nodes { json } } }', counts: { sets: 0 } },
      5,
    ],
    [
      'each object below once for each of its parents',
      { operation: '{ sets { nodes { json owner { id } } } }', counts: { sets: 7 } },
      5 + 7 * (1 + 5 + 1 + 1),
    ],
    [
      'a relation that may be null by what there was',
      {
        operation: '{ sets { nodes { base { json } } } }',
        counts: { sets: 7, 'sets.nodes.base': 2 },
      },
      5 + 7 * (1 + 1) + 2 * (1 + 5),
    ],
    [
      'a relation below an edge by its true path',
      {
        operation: '{ sets { edges { node { base { id } } } } }',
        counts: { sets: 7, 'sets.edges.node.base': 2 },
      },
      5 + 7 * 2 + 2,
    ],
    [
      'under the names that the answer has',
      { operation: '{ s: sets { n: nodes { b: base { id } } } }', counts: { s: 7, 's.n.b': 2 } },
      5 + 7 * 2 + 2,
    ],
    ['a missing object by its call', { operation: '{ me { id } }', counts: { me: 0 } }, 1],
    [
      'lists below lists over all parents together',
      {
        operation: '{ fixed { sets(first: 10) { nodes { id } } } }',
        counts: { 'fixed.sets': 11 },
      },
      1 + 3 * (1 + 5) + 11,
    ],
    [
      'constants at their full size',
      { operation: '{ me { tags } }', counts: { me: 1 } },
      1 + 1 + 4,
    ],
  ])('%s', (_rule, given, points) => {
    expect(charge(given)).toBe(points)
  })
})

describe('objects of several types are counted by type', () => {
  const operation =
    '{ nodes(ids: []) { id ... on Set { json base { id } } ... on Pattern { set { json } } } }'

  test('each costs what its own type does', () => {
    const counts = {
      'nodes@Set': 3,
      'nodes@Set.base': 1,
      'nodes@Pattern': 2,
      'nodes@Pattern.set': 2,
    }
    expect(charge({ operation, counts })).toBe(5 + 3 * (1 + 5 + 1) + 1 + 2 * (2 + 1) + 2 * (1 + 5))
  })

  test('what lies below continues the label', () => {
    const counts = { 'node@Set': 1, 'node@Set.base': 0, 'node@Pattern': 0 }
    expect(charge({ operation: '{ node { ... on Set { base { json } } } }', counts })).toBe(
      1 + 1 + 1,
    )
  })

  test('without a type in the label all count as the dearest', () => {
    expect(charge({ operation, counts: { nodes: 2 } })).toBe(5 + 2 * (2 + 1 + 6))
  })

  test('types that were not counted may be what the others leave', () => {
    const bound = charge({ operation: '{ nodes { id } }', counts: { 'nodes@Set': 3 } })
    expect(bound).toBe(5 + 3 + 17 * 2)
  })
})

describe('what was not counted costs its upper bound', () => {
  test.each<[string, Case, number]>([
    ['a connection', { operation: '{ sets(first: 4) { nodes { id } } }', counts: {} }, 9],
    [
      'a relation',
      { operation: '{ sets { nodes { base { id } } } }', counts: { sets: 7 } },
      5 + 21,
    ],
    [
      'with the variables of the request',
      {
        operation: 'query ($n: Int) { sets(first: $n) { nodes { id } } }',
        counts: {},
        variables: { n: 6 },
      },
      11,
    ],
  ])('%s', (_rule, given, points) => {
    expect(charge(given)).toBe(points)
  })

  test('all of it is the estimate', () => {
    const program = compile(SDL, '{ me { tags sets { nodes { base { id } } } } nodes { id } }')
    expect(program.bindCounts([], {})([], {})).toBe(program.estimatePoints({}))
  })
})

test('the variables of each request count', () => {
  const operation =
    'query ($n: Int, $s: Boolean!) { sets(first: $n) { nodes { id json @skip(if: $s) } } }'
  const bound = compile(SDL, operation).bindCounts([], { s: true })
  expect([bound([], { n: 3, s: true }), bound([], { n: 9, s: true })]).toEqual([8, 14])
})

test('an operation costs a point at least', () => {
  expect(charge({ operation: '{ __typename }', counts: {} })).toBe(1)
})

test('no negative weight makes something else cheaper', () => {
  const sdl = `type Query @cost(weight: "0") { less: Less more: More } type More @cost(weight: "4") { n: Int }
    type Less @cost(weight: "-9") { n: Int }`
  const program = compile(sdl, '{ less { n } more { n } }')
  expect(program.bindCounts(['less', 'more'], {})([1, 1], {})).toBe(program.estimatePoints({}))
})

test('far more positions than an honest document has cost their upper bound', () => {
  const levels = Array.from(
    { length: 16 },
    (_, i) => `fragment F${i} on Query { a { ...F${i + 1} } b { ...F${i + 1} } }`,
  )
  const sdl = 'type Query { a: Query b: Query n: Int @cost(weight: "1") }'
  const operation = `{ ...F0 } ${levels.join(' ')} fragment F16 on Query { n }`
  const program = compile(sdl, operation)
  const labels = ['a', 'b']
  const bound = program.bindCounts(labels, {})
  const half = program.estimatePoints({}) - bound([0, 1], {})
  expect(bound([1, 1], {})).toBe(program.estimatePoints({}))
  expect(half).toBe(1 + (2 ** 16 - 2) * 2 + 2 ** 15)
  expect(bound([0, 0], {})).toBe(3)
})
