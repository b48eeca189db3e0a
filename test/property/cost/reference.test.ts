import fc from 'fast-check'
import { validate } from 'graphql'
import { expect, test } from 'vitest'

import { naivePrice } from '../../support/naive-price.ts'
import { pricedCases } from '../../support/priced-cases.ts'
import { SIGNED } from '../../support/random-priced-schema.ts'

const cases = pricedCases({ weights: SIGNED, types: 'mixed' }, [0, 1, 3, Number.POSITIVE_INFINITY])

test('the operations that these properties are tried on are valid', () => {
  fc.assert(
    fc.property(cases, ({ schema, document }) => {
      expect(validate(schema, document)).toEqual([])
    }),
  )
})

test('a price is the one that the rules give, followed object by object', () => {
  fc.assert(
    fc.property(cases, ({ schema, document, variables, defaultListSize, compile }) => {
      const price = compile(document).estimate(variables)
      expect(price).toEqual(naivePrice(schema, { document, variables, defaultListSize }))
    }),
    { numRuns: 1000 },
  )
})

test('points are whole, at least 1, and an Int of GraphQL', () => {
  fc.assert(
    fc.property(cases, ({ document, variables, compile }) => {
      const program = compile(document)
      for (const points of [
        program.estimatePoints(variables),
        program.bindCounts([], variables)([], variables),
        ...program.explain(variables, 100).map((priced) => priced.points),
      ]) {
        expect(Number.isInteger(points) && points >= 1 && points <= 2_147_483_647).toBe(true)
      }
    }),
    { numRuns: 200 },
  )
})
