import { buildSchema, type DocumentNode, type GraphQLSchema, parse } from 'graphql'

import { COST_DIRECTIVES } from './priced-sdl.ts'

/** The large query of the benchmark, with a page size and a condition of the client's. */
export const TYPICAL = {
  document: parse(`query ($a: String, $n: Int, $withOwner: Boolean!) {
    accounts(first: $n, after: $a) {
      nodes {
        id
        username
        measurementSets(first: 10) {
          nodes {
            id
            name
            owner @include(if: $withOwner) { id username }
            patterns(first: 5) { nodes { id design name } }
          }
        }
      }
    }
  }`),
  variables: { n: 10, withOwner: true },
  counted: [
    'accounts',
    'accounts.nodes.measurementSets',
    'accounts.nodes.measurementSets.nodes.patterns',
  ],
  counts: [10, 97, 260],
}

/** A schema with so many types that are all nodes, each with a field of its own. */
export function manyTypes(count: number): GraphQLSchema {
  const types = Array.from(
    { length: count },
    (_, index) =>
      `type T${index} implements Node { id: ID next: Node own${index}: Int @cost(weight: "${index % 7}") }`,
  )
  return buildSchema(`${COST_DIRECTIVES}
    interface Node { id: ID next: Node }
    type Query {
      nodes(n: Int): [Node] @listSize(slicingArguments: ["n"])
      a: Query
      b: Query
      price: Int @cost(weight: "1")
    }
    ${types.join('\n')}`)
}

/** So many fragments on types of their own, three levels down. */
export function growing(spreads: number): DocumentNode {
  const indexes = Array.from({ length: spreads }, (_, index) => index)
  const all = indexes.map((index) => `...F${index}`).join(' ')
  const fragments = indexes.map(
    (index) => `fragment F${index} on T${index} { own${index} next { id } }`,
  )
  const operation = `query ($n: Int) { nodes(n: $n) { id next { id next { id ${all} } } } }`
  return parse([operation, ...fragments].join('\n'))
}

/** Two to the power of so many fields, in as many fragments. */
export function bomb(levels: number): DocumentNode {
  const fragments = Array.from(
    { length: levels },
    (_, level) => `fragment F${level} on Query { a { ...F${level + 1} } b { ...F${level + 1} } }`,
  )
  return parse(['{ ...F0 }', ...fragments, `fragment F${levels} on Query { price }`].join('\n'))
}

/** So many boolean variables, each of which decides between two fields; other values at every turn. */
export function conditions(count: number) {
  const names = Array.from({ length: count }, (_, index) => `v${index}`)
  const fields = names.map(
    (name) =>
      `x${name}: a @include(if: $${name}) { price } y${name}: b @skip(if: $${name}) { price }`,
  )
  const declared = names.map((name) => `$${name}: Boolean!`).join(' ')
  return {
    document: parse(`query (${declared}) { ${fields.join(' ')} }`),
    variables: (turn: number) =>
      Object.fromEntries(names.map((name, index) => [name, ((turn >> (index % 16)) & 1) === 1])),
  }
}
