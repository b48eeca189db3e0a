import { describe, expect, test } from 'vitest'

import { price, typeCost } from '../../support/price.ts'

/** Two objects that cost the other way round, and one that costs nothing. */
const SDL = `
  type Query @cost(weight: "0") { any: Node @cost(weight: "0") one: A @cost(weight: "0") u: U @cost(weight: "0") }
  interface Node { a: Int b: Int c: Int next: Node }
  union U = A | B
  type A implements Node @cost(weight: "0") {
    a: Int @cost(weight: "10") b: Int @cost(weight: "1") c: Int next: Node @cost(weight: "0") }
  type B implements Node @cost(weight: "0") {
    a: Int @cost(weight: "1") b: Int @cost(weight: "10") c: Int next: Node @cost(weight: "0") }
  type C implements Node @cost(weight: "0") { a: Int b: Int c: Int next: Node @cost(weight: "0") }
`
const fields = (operation: string, variables: Readonly<Record<string, unknown>> = {}) =>
  price(SDL, operation, { variables }).fieldCost

describe('objects for which the same fields are active cost the sum of the most that each field costs', () => {
  test.each([
    ['{ any { a b } }', 20],
    ['{ any { ... on Node { a } ... { b } } }', 20],
    ['{ any { ...F b } } fragment F on Node { a }', 20],
    ['{ u { ... on Node { a b } } }', 20],
    ['{ one { a b } }', 11],
  ])('%s costs %d', (operation, cost) => {
    expect(fields(operation)).toBe(cost)
  })
})

describe('objects for which others are active cost the most that one of them costs', () => {
  test.each([
    ['{ any { ... on A { a b } ... on B { a b } } }', 11],
    ['{ any { ... on A { a } ... on B { b } } }', 10],
    ['{ any { a b ... on A { c } } }', 11],
    ['{ any { a b ... on C { c } } }', 20],
    ['{ any { ... on U { ... on Node { a b } } } }', 20],
    ['{ any { ... on A { ...F } ... on B { ...F } } } fragment F on Node { a b }', 11],
    ['{ any { ... on A { __typename } a b } }', 11],
  ])('%s costs %d', (operation, cost) => {
    expect(fields(operation)).toBe(cost)
  })

  test('what is left out separates nobody', () => {
    expect(fields('{ any { a b ... on A { c @skip(if: true) } } }')).toBe(20)
    expect(fields('{ any { a b ... on A @include(if: false) { c } } }')).toBe(20)
  })
})

describe('fields of one response name are one field', () => {
  test.each([
    ['{ any { next { a } next { b } } }', 20],
    ['{ any { next { a } ... on Node { next { b } } } }', 20],
    ['{ any { ... on A { next { a } } ... on A { next { b } } } }', 20],
    ['{ any { x: next { a } y: next { b } } }', 20],
    ['{ one { a a: a } }', 10],
  ])('%s costs %d', (operation, cost) => {
    expect(fields(operation)).toBe(cost)
  })

  test('what is selected below them is merged before it is priced', () => {
    const sdl = `scalar T @cost(weight: "5") type Query @cost(weight: "0") { b: Book }
      type Book @cost(weight: "-7") { title: T isbn: T }`
    expect(typeCost(sdl, '{ b { title } b { isbn } }')).toBe(3)
  })
})

test('no field makes another cheaper', () => {
  const sdl = `type Query { less: Less more: More } type Less @cost(weight: "-9") { n: Int }
    type More @cost(weight: "4") { n: Int }`
  expect(typeCost(sdl, '{ less { n } more { n } }')).toBe(5)
})

test('the root costs nothing rather than less', () => {
  const sdl = 'type Query @cost(weight: "-9") { n: Int @cost(weight: "2") }'
  expect(price(sdl, '{ n }')).toEqual({ typeCost: 0, fieldCost: 2 })
})

test('types and fields have their most from different objects', () => {
  const sdl = `type Query { i: I } interface I { x: X n: Int } type X @cost(weight: "6") { n: Int }
    type A implements I { x: X @cost(weight: "0") n: Int }
    type B implements I @cost(weight: "3") { x: X n: Int @cost(weight: "8") }`
  const cost = price(sdl, '{ i { ... on A { x { n } } ... on B { n } } }')
  expect(cost).toEqual({ typeCost: 1 + 3 + 6, fieldCost: 1 + 8 })
})

test('a field costs what its object says, with arguments that the interface does not know', () => {
  const sdl = `type Query { i: I } interface I { n: Int }
    type A implements I { n(x: Int = 1 @cost(weight: "6")): Int }`
  expect(price(sdl, '{ i { n } }').fieldCost).toBe(7)
})

describe('@skip and @include', () => {
  test.each([
    ['{ one { a @skip(if: true) b } }', {}, 1],
    ['{ one { a @include(if: false) b } }', {}, 1],
    ['{ one { a @skip(if: false) @include(if: true) b } }', {}, 11],
    ['query ($s: Boolean!) { one { a @skip(if: $s) b @include(if: $s) } }', { s: true }, 1],
    ['query ($s: Boolean!) { one { a @skip(if: $s) b @include(if: $s) } }', { s: false }, 10],
    ['query ($s: Boolean = true) { one { a @skip(if: $s) b } }', {}, 1],
    ['query ($s: Boolean = true) { one { a @skip(if: $s) b } }', { s: false }, 11],
    ['query ($s: Boolean!) { ... @include(if: $s) { one { a } } }', { s: true }, 10],
    [
      'query ($s: Boolean!) { ...F @skip(if: $s) } fragment F on Query { one { a } }',
      { s: true },
      0,
    ],
    [
      'query ($s: Boolean!) { ...F @skip(if: $s) ...F } fragment F on Query { one { a } }',
      { s: true },
      10,
    ],
  ])('prune %s with %o to %d', (operation, variables, cost) => {
    expect(fields(operation, variables)).toBe(cost)
  })

  test.each([[{}], [{ s: null }], [{ s: 'true' }], [{ s: 1 }]])(
    'read a variable that is not known to be true as false: %o',
    (variables) => {
      expect(fields('query ($s: Boolean!) { one { a @skip(if: $s) } }', variables)).toBe(10)
      expect(fields('query ($s: Boolean!) { one { a @include(if: $s) } }', variables)).toBe(0)
    },
  )
})
