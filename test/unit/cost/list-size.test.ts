import { buildSchema } from 'graphql'
import { describe, expect, test } from 'vitest'

import { compileCost } from '../../../src/cost/schema-cost.ts'
import { price, typeCost } from '../../support/price.ts'
import { COST_DIRECTIVES } from '../../support/priced-sdl.ts'

const SDL = `
  type Query {
    assumed: [A] @listSize(assumedSize: 5)
    sliced(first: Int, last: Int, kind: String, big: Big, ratio: Float): [A]
      @listSize(assumedSize: 7, slicingArguments: ["first", "last", "kind", "big", "ratio"])
    unknown(first: Int): [A] @listSize(slicingArguments: ["first"])
    one(first: Int): [A] @listSize(slicingArguments: "first")
    bare: [A]
    grid: [[A]] @listSize(assumedSize: 5)
    scalars: [Text] @listSize(assumedSize: 5)
    single: A @listSize(assumedSize: 5)
    nothing: [A] @listSize(slicingArguments: null, sizedFields: null, requireOneSlicingArgument: null)
    dotted(i: I): [A] @listSize(assumedSize: 2, slicingArguments: ["i.first"])
    page(first: Int): Page
      @listSize(assumedSize: 2, slicingArguments: ["first"], sizedFields: ["nodes", "edges", "info"])
    pages(first: Int): [Page] @listSize(assumedSize: 3, sizedFields: ["nodes"])
    unsaid(first: Int): Page @listSize(slicingArguments: ["first"], sizedFields: ["nodes"])
    pageable(first: Int): Pageable @listSize(slicingArguments: ["first"], sizedFields: ["nodes"])
  }
  interface Pageable { nodes: [A] }
  type Page implements Pageable {
    nodes(first: Int): [A] @listSize(assumedSize: 11, slicingArguments: ["first"])
    edges: [Edge] info: A others: [A] more: Page
  }
  type Edge @cost(weight: "0") { node: A nodes: [A] }
  type A { n: Int }
  input I { first: Int }
  scalar Text @cost(weight: "2")
  scalar Big
`
/** Objects below the root. */
const objects = (operation: string, variables: Readonly<Record<string, unknown>> = {}) =>
  typeCost(SDL, operation, { variables, defaultListSize: 100 }) - 1

describe('a list holds', () => {
  test.each([
    ['its assumed size', '{ assumed { n } }', 5],
    ['what its slicing argument says', '{ sliced(first: 3) { n } }', 3],
    ['the most of what several say', '{ sliced(first: 3, last: 4) { n } }', 4],
    ['its assumed size where none says anything', '{ sliced { n } }', 7],
    ['its assumed size where null is said', '{ sliced(first: null) { n } }', 7],
    ['none where less than none is said', '{ sliced(first: -3) { n } }', 0],
    ['what one says where another says less than none', '{ sliced(first: -3, last: 2) { n } }', 2],
    ['its assumed size where what is said is no number', '{ sliced(kind: "3") { n } }', 7],
    ['its assumed size where what is said is no whole number', '{ sliced(ratio: 2.5) { n } }', 7],
    ['a whole number in whatever type', '{ sliced(ratio: 3, big: 4) { n } }', 4],
    ['its assumed size where a list is said', '{ sliced(big: [4]) { n } }', 7],
    ['the default where nothing is known', '{ bare { n } }', 100],
    ['the default where neither argument nor assumption says it', '{ unknown { n } }', 100],
    ['what the only slicing argument says', '{ one(first: 6) { n } }', 6],
    ['one size for all its dimensions', '{ grid { n } }', 5],
    ['scalars that can cost', '{ scalars }', 10],
    ['the default where everything is null', '{ nothing { n } }', 100],
    [
      'its assumed size where a slicing argument is no plain name',
      '{ dotted(i: { first: 9 }) { n } }',
      2,
    ],
  ])('%s: %s', (_rule, operation, count) => {
    expect(objects(operation)).toBe(count)
  })

  test('nothing else than one where it is no list', () => {
    expect(objects('{ single { n } }')).toBe(1)
  })

  test.each([
    [{ n: 3 }, 3],
    [{ n: null }, 7],
    [{ n: 2.5 }, 7],
    [{ n: '3' }, 7],
    [{ n: true }, 7],
    [{ n: [3] }, 7],
    [{ n: 3n }, 3],
    [{}, 7],
  ])('what a variable says: %o', (variables, count) => {
    expect(objects('query ($n: Int) { sliced(first: $n) { n } }', variables)).toBe(count)
  })

  test('none where less than none is said, of objects that weigh less than nothing too', () => {
    const sdl = `type Query { l(n: Int): [A] @listSize(slicingArguments: ["n"]) }
      type A @cost(weight: "-2") { n: Int }`
    expect(typeCost(sdl, '{ l(n: -3) { n } }')).toBe(1)
  })

  test.each([
    [{}, 4],
    [{ n: null }, 2],
    [{ n: 3 }, 3],
  ])(
    'its assumed size where null suppresses the default of its argument: %o',
    (variables, count) => {
      const sdl = `type Query { l(n: Int = 4): [A] @listSize(assumedSize: 2, slicingArguments: ["n"]) }
      type A { n: Int }`
      const operation = 'query ($n: Int) { l(n: $n) { n } }'
      expect(typeCost(sdl, operation, { variables })).toBe(1 + count)
    },
  )

  test('without bound what nobody bounds, and that is unaffordable', () => {
    const cost = price(SDL, '{ bare { n } }')
    expect(cost).toEqual({ typeCost: Number.POSITIVE_INFINITY, fieldCost: 1 })
  })

  test('nothing that costs nothing, without bound too', () => {
    const sdl = 'type Query { l: [Int] } '
    expect(price(sdl, '{ l }')).toEqual({ typeCost: 1, fieldCost: 0 })
  })
})

describe('a parent says the size of the fields that it names', () => {
  test.each([
    ['by its slicing argument', '{ page(first: 4) { nodes { n } } }', 5],
    ['by its assumed size', '{ page { nodes { n } } }', 3],
    ['before their own argument', '{ page(first: 4) { nodes(first: 9) { n } } }', 5],
    ['under an alias too', '{ page(first: 4) { x: nodes { n } } }', 5],
    ['within a fragment too', '{ page(first: 4) { ... { nodes { n } } } }', 5],
    ['not where the alias alone is named', '{ page(first: 4) { nodes: others { n } } }', 101],
    ['not where they are no lists', '{ page(first: 4) { info { n } } }', 2],
    ['not of others', '{ page(first: 4) { others { n } } }', 101],
    ['not of what lies further down', '{ page(first: 4) { edges { nodes { n } } } }', 401],
    ['each for itself', '{ page(first: 4) { nodes { n } edges { node { n } } } }', 9],
    ['not beyond its own child', '{ page(first: 4) { more { nodes { n } } } }', 13],
    ['and not its own', '{ pages(first: 4) { nodes { n } } }', 400],
    ['unless it says nothing', '{ unsaid { nodes { n } } }', 12],
    ['behind an interface too', '{ pageable(first: 4) { nodes { n } } }', 5],
  ])('%s: %s', (_rule, operation, count) => {
    expect(objects(operation)).toBe(count)
  })
})

describe('a list size fails when the schema is read', () => {
  test.each([
    ['assumedSize: -1', 'assumedSize -1'],
    ['assumedSize: 1.5', 'assumedSize 1.5'],
    ['assumedSize: "5"', 'assumedSize "5"'],
    ['slicingArguments: [3]', 'slicingArguments 3'],
    ['slicingArguments: ["a", null]', 'slicingArguments null'],
    ['sizedFields: true', 'sizedFields true'],
    ['requireOneSlicingArgument: "no"', 'requireOneSlicingArgument "no"'],
  ])('with %s', (values, message) => {
    const schema = buildSchema(`${COST_DIRECTIVES} type Query { l: [Int] @listSize(${values}) }`)
    expect(() => compileCost(schema)).toThrow(`Query.l: @listSize has the ${message}; accepted is`)
  })

  test('on an interface too, where it is not consulted', () => {
    const sdl = `${COST_DIRECTIVES} type Query { n: Int }
      interface I { l: [Int] @listSize(assumedSize: -1) }`
    expect(() => compileCost(buildSchema(sdl))).toThrow('I.l: @listSize')
  })
})

test('the list size of a field of an interface is not consulted', () => {
  const sdl = `type Query { i: I } interface I { l: [A] @listSize(assumedSize: 50) }
    type A implements I { l: [A] @listSize(assumedSize: 2) }`
  expect(typeCost(sdl, '{ i { l { __typename } } }')).toBe(4)
})

test('that one slicing argument is required is not enforced', () => {
  const sdl = `type Query { l(first: Int, last: Int): [A] @listSize(assumedSize: 2,
    slicingArguments: ["first", "last"], requireOneSlicingArgument: true) } type A { n: Int }`
  expect(typeCost(sdl, '{ l { n } }')).toBe(3)
  expect(typeCost(sdl, '{ l(first: 3, last: 1) { n } }')).toBe(4)
})
