import { GraphQLInputObjectType, GraphQLInt, GraphQLObjectType, GraphQLSchema } from 'graphql'
import { describe, expect, test } from 'vitest'

import { compileCost } from '../../../src/cost/schema-cost.ts'
import { fieldCost } from '../../support/price.ts'

const SDL = `
  type Query {
    plain(a: Int @cost(weight: "2")): Int
    defaulted(a: Int = 1 @cost(weight: "2")): Int
    input(i: Filter @cost(weight: "10")): Int
    filled(i: Filter = { inner: {} } @cost(weight: "10")): Int
    inputs(i: [Filter!] @cost(weight: "10")): Int
    lists(i: [[Filter]] @cost(weight: "10")): Int
    json(j: JSON @cost(weight: "4")): Int
  }
  input Filter {
    x: Int @cost(weight: "1")
    y: Int = 5 @cost(weight: "2")
    inner: Inner @cost(weight: "3")
    less: Int @cost(weight: "-4")
  }
  input Inner { z: Int = 7 @cost(weight: "0.5") more: [Filter] @cost(weight: "0") }
  scalar JSON
`
const cost = (operation: string, variables: Readonly<Record<string, unknown>> = {}) =>
  fieldCost(SDL, operation, { variables })

describe('an argument', () => {
  test.each([
    ['{ plain(a: 3) }', 2],
    ['{ plain(a: null) }', 2],
    ['{ plain }', 0],
    ['{ defaulted }', 2],
    ['{ defaulted(a: null) }', 2],
    ['{ json(j: { x: 1 }) }', 4],
  ])('costs its weight where it is given or defaulted: %s', (operation, expected) => {
    expect(cost(operation)).toBe(expected)
  })
})

describe('a variable', () => {
  const declared = 'query ($v: Int) { plain(a: $v) defaulted(a: $v) }'
  const withDefault = 'query ($v: Int = 4) { plain(a: $v) }'

  test.each([
    ['a value', declared, { v: 1 }, 4],
    ['null', declared, { v: null }, 4],
    ['nothing, not even a default of its own', declared, {}, 2],
    ['undefined', declared, { v: undefined }, 2],
    ['nothing but its own default', withDefault, {}, 2],
    ['a default of null', 'query ($v: Int = null) { plain(a: $v) }', {}, 2],
  ])('that is %s is read so', (_name, operation, variables, expected) => {
    expect(cost(operation, variables)).toBe(expected)
  })

  test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'called %s has no value by birth',
    (name) => {
      expect(cost(`query ($${name}: Int) { plain(a: $${name}) }`)).toBe(0)
    },
  )

  test('called __proto__ has the value that JSON gives it', () => {
    const variables: Record<string, unknown> = JSON.parse('{ "__proto__": 1 }')
    expect(cost('query ($__proto__: Int) { plain(a: $__proto__) }', variables)).toBe(2)
  })
})

describe('an input object costs its own weight and its fields', () => {
  const operation = 'query ($i: Filter) { input(i: $i) }'

  test.each([
    ['{}', 12],
    ['null', 10],
    ['{ x: 1 }', 13],
    ['{ y: null }', 12],
    ['{ inner: {} }', 15.5],
    ['{ inner: null }', 15],
    ['{ inner: { z: null } }', 15.5],
    ['{ inner: { more: [{}, { x: 1 }] } }', 20.5],
    ['{ less: 1 }', 8],
  ])('%s', (value, expected) => {
    const json: unknown = JSON.parse(value.replaceAll(/(\w+):/g, '"$1":'))
    expect(cost(`{ input(i: ${value}) }`)).toBe(expected)
    expect(cost(operation, { i: json })).toBe(expected)
    expect(cost(`query ($i: Filter = ${value}) { input(i: $i) }`)).toBe(expected)
  })

  test('a variable inside is absent where it has no value', () => {
    const inside = 'query ($x: Int, $y: Int) { input(i: { x: $x, y: $y }) }'
    expect([cost(inside), cost(inside, { x: 1, y: null })]).toEqual([12, 13])
  })

  test('a default holds the defaults inside', () => {
    expect(cost('{ filled }')).toBe(15.5)
  })

  test('its weights stay signed inside', () => {
    const sdl = `type Query { f(i: I @cost(weight: "1")): Int @cost(weight: "4") }
      input I { a: Int @cost(weight: "-3") b: I @cost(weight: "-1") }`
    expect(fieldCost(sdl, '{ f(i: { a: 1, b: {} }) }')).toBe(1)
  })

  test('what is no object costs its own weight', () => {
    expect(cost(operation, { i: 'text' })).toBe(10)
  })
})

describe('a list costs its own weight once, then what is in each item', () => {
  test.each([
    ['[]', 10],
    ['[{}]', 12],
    ['[{}, { x: 1 }]', 15],
    ['{}', 12],
    ['null', 10],
  ])('%s', (value, expected) => {
    const json: unknown = JSON.parse(value.replaceAll(/(\w+):/g, '"$1":'))
    expect(cost(`{ inputs(i: ${value}) }`)).toBe(expected)
    expect(cost('query ($i: [Filter!]) { inputs(i: $i) }', { i: json })).toBe(expected)
  })

  test('of lists, items at any depth', () => {
    expect(cost('{ lists(i: [[{}, null], [{}]]) }')).toBe(14)
  })

  test('a variable among its items costs what is in it', () => {
    const operation = 'query ($i: Filter) { lists(i: [[{}, $i]]) }'
    expect([cost(operation), cost(operation, { i: { x: 1 } })]).toEqual([12, 15])
  })

  test('a hundred imported elements cost 210', () => {
    const sdl = `type Query { n: Int }
      type Mutation { import(sets: [Set!]! @cost(weight: "0")): Int @cost(weight: "10") }
      input Set { name: String! @cost(weight: "2") notes: String }`
    const sets = Array.from({ length: 100 }, (_, index) => ({ name: `set ${index}` }))
    const operation = 'mutation ($sets: [Set!]!) { import(sets: $sets) }'
    expect(fieldCost(sdl, operation, { variables: { sets } })).toBe(210)
  })
})

test('defaults that hold each other without end fail when the schema is read', () => {
  const input: GraphQLInputObjectType = new GraphQLInputObjectType({
    name: 'I',
    fields: () => ({
      n: { type: GraphQLInt, extensions: { directives: { cost: { weight: '1' } } } },
      i: { type: input, defaultValue: {} },
    }),
  })
  const fields = { f: { type: GraphQLInt, args: { i: { type: input } } } }
  const schema = new GraphQLSchema({ query: new GraphQLObjectType({ name: 'Query', fields }) })
  expect(() => compileCost(schema)).toThrow('I.i: its default never ends')
})
