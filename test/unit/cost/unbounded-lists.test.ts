import { buildSchema } from 'graphql'
import { describe, expect, test } from 'vitest'

import { compileCost } from '../../../src/cost/schema-cost.ts'
import { unboundedLists } from '../../../src/cost/unbounded-lists.ts'
import { COST_DIRECTIVES } from '../../support/priced-sdl.ts'

const unbounded = (sdl: string, options = {}) =>
  unboundedLists(compileCost(buildSchema(COST_DIRECTIVES + sdl), options))

describe('a list has a bound', () => {
  test.each([
    'type Query { l: [Int] @listSize(assumedSize: 3) }',
    'type Query { l: [[Int!]!]! @listSize(assumedSize: 0, slicingArguments: ["n"]) }',
    `type Query { p: Page @listSize(assumedSize: 3, sizedFields: ["l"]) } type Page { l: [Int] }`,
    `type Query { p: Page @listSize(assumedSize: 3, sizedFields: ["l"])
      q: U @listSize(assumedSize: 3, sizedFields: ["l"]) } union U = Page type Page { l: [Int] }`,
    'type Query { n: Int } interface I { l: [Int] }',
  ])('%s', (sdl) => {
    expect(unbounded(sdl)).toEqual([])
  })

  test('where the schema has a default', () => {
    expect(unbounded('type Query { l: [Int] }', { defaultListSize: 3 })).toEqual([])
  })
})

describe('a list has none', () => {
  test.each([
    ['type Query { l: [Int] }', ['Query.l']],
    ['type Query { l(n: Int = 3): [Int!]! @listSize(slicingArguments: ["n"]) }', ['Query.l']],
    [
      'type Query { l: [Page] @listSize(assumedSize: 3, sizedFields: ["l"]) } type Page { l: [Int] }',
      ['Query.l'],
    ],
    [
      `type Query { p: Page @listSize(assumedSize: 3, sizedFields: ["l"]) q: Page } type Page { l: [Int] }`,
      ['Page.l'],
    ],
    [
      `type Query { p: Page @listSize(assumedSize: 3, sizedFields: ["l"]) u: U } union U = Page
        type Page { l: [Int] }`,
      ['Page.l'],
    ],
    [
      `type Query { p(n: Int = 3): Page @listSize(slicingArguments: ["n"], sizedFields: ["l"]) }
        type Page { l: [Int] }`,
      ['Page.l'],
    ],
    ['type Query { n: Int } type Mutation { a: [Int] b: [Int] }', ['Mutation.a', 'Mutation.b']],
  ])('%s', (sdl, coordinates) => {
    expect(unbounded(sdl)).toEqual(coordinates)
  })
})
