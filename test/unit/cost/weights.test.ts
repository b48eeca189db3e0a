import { buildSchema, GraphQLInt, GraphQLObjectType, GraphQLSchema } from 'graphql'
import { describe, expect, test } from 'vitest'

import { CostError } from '../../../src/cost/cost-error.ts'
import { compileCost } from '../../../src/cost/schema-cost.ts'
import { fieldCost, price, typeCost } from '../../support/price.ts'
import { COST_DIRECTIVES } from '../../support/priced-sdl.ts'

describe('without a weight', () => {
  test('an object costs 1, a scalar and an enum nothing', () => {
    const sdl = 'type Query { a: A s: Text e: E } type A { n: Int } scalar Text enum E { X }'
    expect(typeCost(sdl, '{ a { n } s e }')).toBe(2)
  })

  test('a field of a composite type costs 1, of a scalar or enum nothing, whatever the type weighs', () => {
    const sdl = `type Query { a: A s: Text e: E }
      type A @cost(weight: "0") { n: Int } scalar Text @cost(weight: "9") enum E { X }`
    expect(fieldCost(sdl, '{ a { n } s e }')).toBe(1)
  })

  test('an argument of an input object costs 1, of a scalar nothing', () => {
    const sdl = 'type Query { f(i: I, n: Int): Int } input I { n: Int }'
    expect(fieldCost(sdl, '{ f(i: {}, n: 3) }')).toBe(1)
  })

  test('an input field of an input object costs 1, of a scalar nothing', () => {
    const sdl = 'type Query { f(i: I): Int } input I { n: Int i: I }'
    expect(fieldCost(sdl, '{ f(i: { n: 1, i: { n: 1 } }) }')).toBe(2)
  })

  test('an argument of a directive costs 1 where it is an input object', () => {
    const sdl = 'directive @d(i: I, n: Int) on FIELD type Query { f: Int } input I { n: Int }'
    expect(fieldCost(sdl, '{ f @d(i: {}, n: 1) }')).toBe(1)
  })

  test('an interface and a union cost the most of their objects', () => {
    const sdl = `type Query { i: I u: U } interface I { n: Int } union U = A | C
      type A implements I @cost(weight: "3") { n: Int }
      type B implements I @cost(weight: "5") { n: Int } type C @cost(weight: "2") { n: Int }`
    expect(typeCost(sdl, '{ i { n } u { __typename } }')).toBe(1 + 5 + 3)
  })

  test('the most of weights below 0 is below 0', () => {
    const sdl = `scalar S @cost(weight: "4") type Query { i: I } interface I { s: S }
      type A implements I @cost(weight: "-3") { s: S } type B implements I @cost(weight: "-2") { s: S }`
    expect(typeCost(sdl, '{ i { s } }')).toBe(1 - 2 + 4)
  })

  test('an interface without objects costs 1', () => {
    expect(typeCost('type Query { i: I } interface I { n: Int }', '{ i { n } }')).toBe(2)
  })
})

describe('a weight', () => {
  test.each([
    ['5', 5],
    ['-0.5', 0],
    ['+2.5', 2.5],
    ['.5', 0.5],
    ['3.', 3],
    ['2e2', 200],
    ['0', 0],
  ])('of %s is read as a number', (text, cost) => {
    expect(fieldCost(`type Query { n: Int @cost(weight: "${text}") }`, '{ n }')).toBe(cost)
  })

  test.each([
    '""',
    '"x"',
    '" 1"',
    '"1,5"',
    '"0x10"',
    '"NaN"',
    '"Infinity"',
    '"1e999"',
    '5',
    'null',
  ])('of %s fails when the schema is read', (text) => {
    const schema = buildSchema(`${COST_DIRECTIVES} type Query { n: Int @cost(weight: ${text}) }`)
    expect(() => compileCost(schema)).toThrow(/^Query\.n: @cost has the weight /)
  })

  test.each([
    ['type Query { n: Int @cost(weight: "x") }', 'Query.n'],
    ['type Query @cost(weight: "x") { n: Int }', 'Query'],
    ['type Query { n(a: Int @cost(weight: "x")): Int }', 'Query.n(a:)'],
    ['type Query { n: Int } scalar S @cost(weight: "x")', 'S'],
    ['type Query { n: Int } enum E @cost(weight: "x") { A }', 'E'],
    ['type Query { n: Int } input I { a: Int @cost(weight: "x") }', 'I.a'],
    ['type Query { n: Int } input I @cost(weight: "x") { a: Int }', 'I'],
    ['type Query { n: Int } interface I { a: Int @cost(weight: "x") }', 'I.a'],
    ['type Query { n: Int } interface I { a(b: Int @cost(weight: "x")): Int }', 'I.a(b:)'],
    ['type Query { n: Int } union U @cost(weight: "x") = Query', 'U'],
    ['type Query { n: Int } directive @d(a: Int @cost(weight: "x")) on FIELD', '@d(a:)'],
    ['type Query { n: Int } extend type Query @cost(weight: "x")', 'Query'],
  ])('that is none names its coordinate: %s', (sdl, coordinate) => {
    const schema = buildSchema(COST_DIRECTIVES + sdl)
    expect(() => compileCost(schema)).toThrow(
      expect.objectContaining({ name: 'CostError', coordinate }),
    )
  })

  test('on an interface, a union, an input object or a field of an interface is not consulted', () => {
    const sdl = `type Query { i: I u: U f(x: X): Int }
      interface I @cost(weight: "50") { n: Int @cost(weight: "50") m(a: Int @cost(weight: "50")): Int }
      union U @cost(weight: "50") = A input X @cost(weight: "50") { n: Int }
      type A implements I { n: Int m(a: Int): Int }`
    const cost = price(sdl, '{ i { n m(a: 1) } u { __typename } f(x: {}) }')
    expect(cost).toEqual({ typeCost: 3, fieldCost: 3 })
  })

  test('of an object counts where the object is answered as an interface', () => {
    const sdl = `type Query { i: I } interface I { n: Int @cost(weight: "9") }
      type A implements I { n: Int @cost(weight: "2") }`
    expect(fieldCost(sdl, '{ i { n } }')).toBe(3)
  })

  test('stands on an extension of a type too', () => {
    expect(typeCost('type Query { n: Int } extend type Query @cost(weight: "4")', '{ n }')).toBe(4)
  })
})

describe('a schema that was not written as text', () => {
  test.each([
    [{ cost: { weight: '7' } }],
    [{ cost: [{ weight: '7' }] }],
    [[{ name: 'cost', args: { weight: '7' } }]],
  ])('has its weights in the extensions %j', (directives) => {
    expect(weightOf(directives)).toBe(7)
  })

  test.each([[undefined], [null], [{}], [[]], [{ access: {} }], ['cost']])(
    'has none in the extensions %j',
    (directives) => {
      expect(weightOf(directives)).toBe(0)
    },
  )

  test('fails for a weight that is none', () => {
    expect(() => weightOf({ cost: { weight: 7 } })).toThrow(CostError)
  })
})

function schemaWith(directives: unknown): GraphQLSchema {
  return new GraphQLSchema({
    query: new GraphQLObjectType({
      name: 'Query',
      fields: { n: { type: GraphQLInt, extensions: { directives } } },
    }),
  })
}

function weightOf(directives: unknown): number | undefined {
  return compileCost(schemaWith(directives)).types.get('Query')?.fields.get('n')?.weight
}
