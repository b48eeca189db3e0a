import { describe, expect, test } from 'vitest'

import { compile } from '../../support/price.ts'

const SDL = `
  type Query @cost(weight: "0") {
    sets(first: Int, last: Int): Connection! @cost(weight: "5") @listSize(assumedSize: 20,
      slicingArguments: ["first", "last"], sizedFields: ["nodes"])
    fixed: [Set] @cost(weight: "0") @listSize(assumedSize: 500)
    plain(n: Int = 50): [Set] @cost(weight: "0") @listSize(slicingArguments: ["n"])
    bare(n: Int): [Set] @cost(weight: "0") @listSize(slicingArguments: ["n"])
  }
  type Connection @cost(weight: "0") { nodes: [Set!]! @cost(weight: "0") total: Int @cost(weight: "5") }
  type Set { sets(first: Int): Connection! @cost(weight: "5")
    @listSize(assumedSize: 20, slicingArguments: ["first"], sizedFields: ["nodes"]) }
`
const page = (
  operation: string,
  limit: number,
  variables: Readonly<Record<string, unknown>> = {},
) => compile(SDL, operation).largestPage(variables, limit)

describe('the largest page', () => {
  test.each([
    ['{ sets(first: 100) { nodes { __typename } } }', 25, 'sets', 'first', 20],
    ['{ sets(last: 100) { nodes { __typename } } }', 25, 'sets', 'last', 20],
    ['{ sets { nodes { __typename } } }', 15, 'sets', 'first', 10],
    ['{ sets(first: null) { nodes { __typename } } }', 6, 'sets', 'first', 1],
    ['{ s: sets(first: 100) { nodes { __typename } } }', 104, 's', 'first', 99],
    ['{ plain { __typename } }', 30, 'plain', 'n', 30],
    ['{ bare { __typename } }', 1000, 'bare', 'n', 1000],
  ])(
    'of %s within %d points is at %s, argument %s: %d',
    (operation, limit, path, argument, value) => {
      expect(page(operation, limit)).toEqual({ path, argument, value })
    },
  )

  const nested = '{ sets(first: 10) { nodes { sets(first: 50) { nodes { __typename } } } } }'

  test('is that of the outermost list that can do it', () => {
    expect(page(nested, 200)).toEqual({ path: 'sets', argument: 'first', value: 3 })
  })

  test('is that of a list further in where the outer ones can not', () => {
    const operation = '{ sets(first: 10) { nodes { __typename } } plain(n: 900) { __typename } }'
    expect(page(operation, 100)).toEqual({ path: 'plain', argument: 'n', value: 85 })
  })

  test('fits, and one more does not', () => {
    const [fitting = 0, beyond = 0] = ['3', '4'].map((first) =>
      compile(SDL, nested.replace('10', first)).estimatePoints({}),
    )
    expect([fitting <= 200, beyond <= 200]).toEqual([true, false])
  })

  test('leaves what other slicing arguments ask for', () => {
    const operation = '{ sets(first: 100, last: 30) { nodes { __typename } } }'
    expect(page(operation, 20)).toBeNull()
    expect(page(operation, 35)).toEqual({ path: 'sets', argument: 'first', value: 30 })
  })

  test('is found for a variable too', () => {
    const operation = 'query ($n: Int) { sets(first: $n) { nodes { __typename } } }'
    expect(page(operation, 25, { n: 80 })).toEqual({ path: 'sets', argument: 'first', value: 20 })
  })

  test.each([
    ['what fits already', '{ sets(first: 5) { nodes { __typename } } }', 10],
    [
      'what is too dear with pages of one',
      '{ sets(first: 100) { nodes { __typename } total } }',
      10,
    ],
    ['lists without a slicing argument', '{ fixed { __typename } }', 100],
    ['pages of one', '{ sets(first: 1) { nodes { __typename } } }', 5],
  ])('does not exist for %s', (_name, operation, limit) => {
    expect(page(operation, limit)).toBeNull()
  })
})

test('looking for a page changes no price', () => {
  const program = compile(SDL, '{ sets(first: 100) { nodes { __typename } } }')
  const before = program.estimatePoints({})
  program.largestPage({}, 25)
  expect(program.estimatePoints({})).toBe(before)
})
