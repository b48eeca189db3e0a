import { describe, expect, test } from 'vitest'

import { compile } from '../../support/price.ts'

const SDL = `
  type Query @cost(weight: "3") {
    sets(first: Int): Connection! @cost(weight: "5")
      @listSize(assumedSize: 20, slicingArguments: ["first"], sizedFields: ["nodes"])
    nodes: [Node] @cost(weight: "5") @listSize(assumedSize: 10)
    free: Int
    bare: [Set]
  }
  type Connection @cost(weight: "0") { nodes: [Set!]! @cost(weight: "0") }
  interface Node { owner: Account! }
  type Set implements Node { owner: Account! json: Int @cost(weight: "0.25") }
  type Pattern implements Node @cost(weight: "2") { owner: Account! @cost(weight: "4") }
  type Account { n: Int }
`

describe('the paths of a price', () => {
  test('are dearest first, each with what it costs by itself', () => {
    const program = compile(SDL, '{ sets(first: 4) { nodes { owner { n } } } free }')
    expect(program.explain({}, 10)).toEqual([
      { path: 'sets.nodes.owner', points: 8 },
      { path: 'sets', points: 5 },
      { path: 'sets.nodes', points: 4 },
    ])
  })

  test('sum up to the estimate without the root', () => {
    const program = compile(SDL, '{ sets(first: 4) { nodes { owner { n } } } }')
    const sum = program.explain({}, 10).reduce((total, { points }) => total + points, 0)
    expect(sum + 3).toBe(program.estimatePoints({}))
  })

  test('are as many as were asked for', () => {
    const program = compile(SDL, '{ sets { nodes { owner { n } } } }')
    expect(program.explain({}, 1)).toEqual([{ path: 'sets.nodes.owner', points: 40 }])
  })

  test('are named as the answer names them', () => {
    const program = compile(SDL, '{ s: sets(first: 1) { ... { n: nodes { json } } } }')
    expect(program.explain({}, 10).map(({ path }) => path)).toEqual(['s', 's.n', 's.n.json'])
  })

  test('cost the most where objects of several types can stand', () => {
    const operation = '{ nodes { owner { n } ... on Set { json } } }'
    expect(compile(SDL, operation).explain({}, 10)).toEqual([
      { path: 'nodes.owner', points: 50 },
      { path: 'nodes', points: 25 },
      { path: 'nodes.json', points: 3 },
    ])
  })

  test('follow the variables', () => {
    const program = compile(SDL, 'query ($n: Int) { sets(first: $n) { nodes { json } } }')
    const ofNodes = (n: number) =>
      program.explain({ n }, 10).find(({ path }) => path === 'sets.nodes')?.points
    expect([ofNodes(3), ofNodes(70)]).toEqual([3, 70])
  })

  test('are Ints where nothing bounds them', () => {
    expect(compile(SDL, '{ bare { owner { n } } }').explain({}, 1)).toEqual([
      { path: 'bare', points: 2_147_483_647 },
    ])
  })

  test('end where a document has two to the power of thirty', () => {
    const fragments = Array.from(
      { length: 30 },
      (_, i) => `fragment F${i} on Q { a { ...F${i + 1} } b { ...F${i + 1} } }`,
    )
    const sdl = 'schema { query: Q } type Q { a: Q b: Q n: Int @cost(weight: "9") }'
    const program = compile(sdl, `{ ...F0 } ${fragments.join(' ')} fragment F30 on Q { n }`)
    expect(program.explain({}, 2)).toEqual([
      { path: 'a', points: 2 },
      { path: 'b', points: 2 },
    ])
  })
})

describe('beside what was charged', () => {
  test('each path has what it cost by itself', () => {
    const program = compile(SDL, '{ sets(first: 4) { nodes { owner { n } } } }')
    const run = { counted: ['sets'], counts: [1], variables: {} }
    expect(program.explainActual(run, 10)).toEqual([
      { path: 'sets.nodes.owner', estimated: 8, actual: 2 },
      { path: 'sets', estimated: 5, actual: 5 },
      { path: 'sets.nodes', estimated: 4, actual: 1 },
    ])
  })

  test('objects of all types at a path are taken together', () => {
    const program = compile(SDL, '{ nodes { owner { n } } }')
    const run = { counted: ['nodes@Set', 'nodes@Pattern'], counts: [3, 2], variables: {} }
    expect(program.explainActual(run, 10)).toEqual([
      { path: 'nodes.owner', estimated: 50, actual: 3 * 2 + 2 * 5 },
      { path: 'nodes', estimated: 25, actual: 5 + 3 + 4 },
    ])
  })
})
