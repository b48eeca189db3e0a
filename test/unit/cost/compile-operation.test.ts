import { buildSchema, parse } from 'graphql'
import { describe, expect, test } from 'vitest'

import { compileOperation } from '../../../src/cost/compile-operation.ts'
import { compileCost } from '../../../src/cost/schema-cost.ts'
import { compile, price } from '../../support/price.ts'
import { COST_DIRECTIVES } from '../../support/priced-sdl.ts'

const SDL = `type Query { a: Query b: Query n: Int @cost(weight: "1") m(x: Int @cost(weight: "3")): Int }
  type Mutation @cost(weight: "7") { do: Int @cost(weight: "10") }
  type Subscription { see: Int @cost(weight: "2") }`
const prices = compileCost(buildSchema(COST_DIRECTIVES + SDL))
const of = (text: string, name?: string | null) => compileOperation(prices, parse(text), name)

describe('an operation', () => {
  const two = 'query One { n } query Two { n x: n } mutation Three { do }'

  test.each([
    ['One', { typeCost: 1, fieldCost: 1 }],
    ['Two', { typeCost: 1, fieldCost: 2 }],
    ['Three', { typeCost: 7, fieldCost: 10 }],
  ])('of the name %s is the only one that is priced', (name, cost) => {
    expect(of(two, name).estimate({})).toEqual(cost)
  })

  test('of any kind has a price', () => {
    expect(of('subscription { see }').estimate({})).toEqual({ typeCost: 1, fieldCost: 2 })
  })

  test.each([
    [two, 'Four', 'the document holds no operation "Four"'],
    [two, null, 'the document holds several operations: name one'],
    ['fragment F on Query { n }', null, 'the document holds no operation'],
    ['{ nobody }', null, 'Query.nobody: there is no such field'],
    ['{ ...Nobody }', null, 'a fragment of the document is missing'],
    ['{ ... on Nobody { n } }', null, 'Nobody: there is no such type'],
    [
      '{ ...F } fragment F on Query { a { ...F } }',
      null,
      'a fragment of the document holds itself',
    ],
  ])('%s called %s has none: %s', (text, name, message) => {
    expect(() => of(text, name)).toThrow(message)
  })

  test('of a kind that the schema does not have has none', () => {
    const only = compileCost(buildSchema('type Query { n: Int }'))
    expect(() => compileOperation(only, parse('mutation { do }'))).toThrow(
      'the schema has no mutation',
    )
  })

  test('that spreads a fragment within itself without a field ends', () => {
    expect(of('{ ...F } fragment F on Query { n ...F }').estimatePoints({})).toBe(2)
  })
})

describe('introspection', () => {
  const free = { introspection: 'free' } as const
  const priceOf = (text: string) => compileOperation(prices, parse(text), null, free).estimate({})

  test('is left out at the root where it is free', () => {
    const text = '{ __schema { types { name } } x: __type(name: "Query") { name } n }'
    expect(priceOf(text)).toEqual({ typeCost: 1, fieldCost: 1 })
  })

  test('is known by its fields, not by the names that a document gives', () => {
    const text = '{ ...__schema __type: n } fragment __schema on Query { __schema: m(x: 1) }'
    expect(priceOf(text)).toEqual({ typeCost: 1, fieldCost: 4 })
  })
})

test('each evaluation stands for itself', () => {
  const sdl = `type Query { l(n: Int): [A] @listSize(slicingArguments: ["n"]) } type A { n: Int }`
  const program = compile(sdl, 'query ($n: Int, $s: Boolean!) { l(n: $n) @skip(if: $s) { n } }')
  const costs = [
    { n: 3, s: false },
    { n: 5, s: false },
    { n: 5, s: true },
    { n: 3, s: false },
  ]
  expect(costs.map((variables) => program.estimatePoints(variables))).toEqual([5, 7, 1, 5])
})

describe('boolean variables', () => {
  const names = Array.from({ length: 200 }, (_, index) => `v${index}`)
  const sdl = `type Query { ${names.map((name, i) => `${name}: Int @cost(weight: "${(i % 37) ** 2}")`).join(' ')} }`
  const declared = names.map((name) => `$${name}: Boolean!`).join(' ')

  test.each([1, 5, 30, 31, 200])('%d of them decide each for itself', (count) => {
    const asked = names.slice(0, count)
    const fields = asked.map(
      (name) => `${name} @include(if: $${name}) x${name}: ${name} @skip(if: $${name})`,
    )
    const one = asked.map((name) => `${name} @include(if: $${name})`)
    const both = compile(sdl, `query (${declared}) { ${fields.join(' ')} }`)
    const chosen = compile(sdl, `query (${declared}) { ${one.join(' ')} }`)
    const all = asked.reduce((sum, _, index) => sum + (index % 37) ** 2, 0)
    for (let turn = 0; turn < 40; turn += 1) {
      const on = asked.map((_, index) => (turn * 31 + index * 17) % 7 < 3)
      const variables = Object.fromEntries(asked.map((name, index) => [name, on[index]]))
      const cost = on.reduce((sum, is, index) => sum + (is ? (index % 37) ** 2 : 0), 0)
      expect(chosen.estimate(variables).fieldCost).toBe(cost)
      expect(both.estimate(variables).fieldCost).toBe(all)
    }
  })
})

describe('documents made to be dear to price', () => {
  test('two to the power of twenty fields are priced exactly', () => {
    const bomb = levels(
      20,
      (i) => `fragment F${i} on Query { a { ...F${i + 1} } b { ...F${i + 1} } }`,
    )
    const cost = price(SDL, `{ ...F0 } ${bomb} fragment F20 on Query { n }`)
    expect(cost).toEqual({ typeCost: 2 ** 21 - 1, fieldCost: 2 ** 21 - 2 + 2 ** 20 })
  })

  test('two to the power of a thousand spreads of one field are one field', () => {
    const bomb = levels(900, (i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`)
    expect(price(SDL, `{ ...F0 } ${bomb} fragment F900 on Query { n }`).fieldCost).toBe(1)
  })

  test('fragments two thousand levels deep are refused, not a crash', () => {
    const bomb = levels(
      2000,
      (i) => `fragment F${i} on Query { a { ...F${i + 1} } b { ...F${i + 1} } }`,
    )
    expect(() => of(`{ ...F0 } ${bomb} fragment F2000 on Query { n }`)).toThrow('too complex')
  })

  test('merged fields in two to the power of twenty combinations are refused', () => {
    const rows = levels(20, (i) =>
      levels(21 - i, (j) => {
        const next = j === 20 - i ? 'n' : `a { ...X${i}_${j + 1} } b { ...X${i}_${j + 1} }`
        return `fragment X${i}_${j} on Query { ${next} }`
      }),
    )
    const driver = levels(20, (i) => {
      const below = i === 19 ? 'n' : `...D${i + 1}`
      return `fragment D${i} on Query { a { ${below} ...X${i}_0 } b { ${below} } }`
    })
    expect(() => of(`{ ...D0 } ${driver} ${rows}`)).toThrow('too complex')
  })

  test('a thousand types and eighty fragments cost what one of them does', () => {
    const types = levels(
      1000,
      (i) => `type T${i} implements Node { n${i}: Int @cost(weight: "${i % 7}") next: Node }`,
    )
    const sdl = `interface Node { next: Node } type Query { node: Node } ${types}`
    const fragments = levels(80, (i) => `fragment F${i} on T${i} { n${i} }`)
    const spreads = levels(80, (i) => `...F${i}`)
    const operation = `{ node { next { ${spreads} } } } ${fragments}`
    expect(price(sdl, operation)).toEqual({ typeCost: 3, fieldCost: 8 })
  })
})

test('a price depends on nothing but the document and its variables', () => {
  const text = '{ a { n } b { n a { n } } }'
  const again = of(text)
  expect([of(text).estimate({}), again.estimate({}), again.estimate({})]).toEqual(
    Array.from({ length: 3 }, () => ({ typeCost: 4, fieldCost: 6 })),
  )
})

function levels(count: number, level: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => level(index)).join('\n')
}
