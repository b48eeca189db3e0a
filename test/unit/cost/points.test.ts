import { describe, expect, test } from 'vitest'

import { points, wholePoints } from '../../../src/cost/points.ts'
import { compile } from '../../support/price.ts'

describe('points', () => {
  test.each([
    [0, 0, 1],
    [0, 1, 1],
    [0.5, 0.5, 1],
    [0.5, 0.75, 2],
    [711, 655, 1366],
    [1.25, 1.25, 3],
    [2_147_483_647, 0, 2_147_483_647],
    [2_147_483_647, 1, 2_147_483_647],
    [1e300, 1e300, 2_147_483_647],
    [Number.POSITIVE_INFINITY, 0, 2_147_483_647],
    [Number.NaN, 0, 2_147_483_647],
  ])('of types for %d and fields for %d are %d', (typeCost, fieldCost, whole) => {
    expect(points({ typeCost, fieldCost })).toBe(whole)
  })

  test.each([
    [0, 0],
    [0.25, 1],
    [-3, 0],
    [Number.POSITIVE_INFINITY, 2_147_483_647],
    [Number.NaN, 2_147_483_647],
  ])('of a share of %d are %d', (share, whole) => {
    expect(wholePoints(share)).toBe(whole)
  })
})

describe('weights beyond all measure', () => {
  const sdl = `type Query { f(a: Int @cost(weight: "1e308"), b: Int @cost(weight: "1e308"),
      c: I @cost(weight: "-1e308")): Int @cost(weight: "1e308")
    l(n: Int): [A] @cost(weight: "0") @listSize(slicingArguments: ["n"]) }
    input I { a: Int @cost(weight: "-1e308") b: Int @cost(weight: "-1e308") }
    type A @cost(weight: "1e308") { n: Int }`

  test.each([
    ['{ f(a: 1, b: 1, c: { a: 1, b: 1 }) }'],
    ['{ f(a: 1, b: 1) }'],
    ['{ l(n: 2147483647) { n } }'],
    ['{ l { n } }'],
  ])('make %s unaffordable, and no number that is none', (operation) => {
    const program = compile(sdl, operation)
    const { typeCost, fieldCost } = program.estimate({})
    expect([Number.isNaN(typeCost), Number.isNaN(fieldCost)]).toEqual([false, false])
    expect(program.estimatePoints({})).toBe(2_147_483_647)
    expect(program.bindCounts([], {})([], {})).toBe(2_147_483_647)
  })
})
