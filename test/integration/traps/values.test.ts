import { buildSchema } from 'graphql'
import { describe, expect, test } from 'vitest'

import { testGateway } from '../../support/gateway.ts'
import { SMALL } from '../../support/small-schema.ts'
import { costOf } from '../../support/told-cost.ts'

const gateway = await testGateway()
const key = await gateway.issueKey({ level: 4 })

/** What an operation can cost, in points. */
async function price(document: string, variables?: object): Promise<number | null> {
  const answer = await gateway.post(document, key, variables)
  expect(answer.codes).toEqual([])
  return costOf(answer).estimated
}

const PAGE = '{ nodes { baseSet { id } } }'
/** The query 1, the list 5; for each set 1, to look for its base 1, and 1 for the base. */
const priceOf = (items: number): number => 1 + 5 + items * (1 + 1 + 1)

describe.each(['first', 'last'])('a page of %s: 50 has one price', (argument) => {
  test.each<[way: string, document: string, variables?: object]>([
    ['as a literal', `{ measurementSets(${argument}: 50) ${PAGE} }`],
    ['as a variable', `query($n: Int) { measurementSets(${argument}: $n) ${PAGE} }`, { n: 50 }],
    [
      'as the default of a variable',
      `query($n: Int = 50) { measurementSets(${argument}: $n) ${PAGE} }`,
    ],
    [
      'as a variable in place of its default',
      `query($n: Int = 1) { measurementSets(${argument}: $n) ${PAGE} }`,
      { n: 50 },
    ],
    [
      'as a variable that must be given',
      `query($n: Int!) { measurementSets(${argument}: $n) ${PAGE} }`,
      { n: 50 },
    ],
    [
      'in a fragment',
      `query($n: Int = 50) { ...A } fragment A on Query { measurementSets(${argument}: $n) ${PAGE} }`,
    ],
    [
      'as a variable that the statement was planned for with another value',
      `query($n: Int) { measurementSets(${argument}: $n) ${PAGE} } # again`,
      { n: 50 },
    ],
  ])('%s', async (_way, document, variables) => {
    if (document.endsWith('again')) await price(document, { n: 1 })
    expect(await price(document, variables)).toBe(priceOf(50))
  })
})

test.each<[way: string, document: string, variables?: object]>([
  ['absent', `{ measurementSets ${PAGE} }`],
  ['null', `{ measurementSets(first: null, last: null) ${PAGE} }`],
  ['a variable without a value', `query($n: Int) { measurementSets(first: $n) ${PAGE} }`],
  ['a variable that is null', `query($n: Int) { measurementSets(last: $n) ${PAGE} }`, { n: null }],
  [
    'a variable that is null in spite of its default',
    `query($n: Int = 100) { measurementSets(first: $n) ${PAGE} }`,
    { n: null },
  ],
])('a size that is %s is 20', async (_way, document, variables) => {
  expect(await price(document, variables)).toBe(priceOf(20))
})

describe('a default of the schema', async () => {
  const directives = `
    directive @cost(weight: String!) on ARGUMENT_DEFINITION | FIELD_DEFINITION | OBJECT | INPUT_FIELD_DEFINITION
    directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION`
  const schema = buildSchema(`${directives}
    input Filter { depth: Int = 3 @cost(weight: "4") }
    type Item { id: ID }
    type Query {
      items(first: Int = 30): [Item] @listSize(assumedSize: 10, slicingArguments: ["first"])
      found(filter: Filter = {} @cost(weight: "7")): Item
    }`)
  const small = await testGateway({ ...SMALL, schema })

  async function priceHere(document: string, variables?: object): Promise<number | null> {
    return costOf(await small.post(document, undefined, variables)).estimated
  }

  test('prices as the literal does', async () => {
    expect(await priceHere('{ items(first: 30) { id } }')).toBe(1 + 1 + 30)
    expect(await priceHere('{ items { id } }')).toBe(1 + 1 + 30)
    expect(await priceHere('query($n: Int) { items(first: $n) { id } }')).toBe(1 + 1 + 30)
    expect(await priceHere('query($n: Int = 40) { items(first: $n) { id } }')).toBe(1 + 1 + 40)
  })

  test('of an input object counts with all that it fills in', async () => {
    const full = 1 + 1 + 1 + 7 + 4
    expect(await priceHere('{ found(filter: { depth: 3 }) { id } }')).toBe(full)
    expect(await priceHere('{ found { id } }')).toBe(full)
    expect(await priceHere('query($f: Filter) { found(filter: $f) { id } }')).toBe(full)
    const none = 'query($f: Filter) { found(filter: $f) { id } }'
    expect(await priceHere(none, { f: null })).toBe(1 + 1 + 1 + 7)
  })
})
