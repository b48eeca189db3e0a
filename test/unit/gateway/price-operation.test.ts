import { parse } from 'graphql'
import { describe, expect, test } from 'vitest'

import type { Standing } from '../../../src/auth/access.ts'
import { compileOperation as compilePrice } from '../../../src/cost/compile-operation.ts'
import { CostError } from '../../../src/cost/cost-error.ts'
import { POINTS_MAX } from '../../../src/cost/points.ts'
import { compileCost } from '../../../src/cost/schema-cost.ts'
import { type Price, priceOperation } from '../../../src/gateway/price-operation.ts'
import { compileOperation } from '../../../src/schema/plan/operation.ts'
import type { Plan } from '../../../src/schema/plan/plan.ts'
import { schema } from '../../../src/schema/schema.ts'

const ADMIN: Standing = {
  kind: 'key',
  level: 8,
  role: 'admin',
  status: 'active',
  consent: 'measurements',
}
const PRICES = compileCost(schema)

test('an operation costs its root, its calls and its objects', () => {
  // Query 1, curatedSets 5, 20 objects of which each calls tags for 1.
  const { estimated, actual } = priceOf('{ curatedSets { nodes { tags } } }')
  expect(estimated).toBe(1 + 5 + 20 * (1 + 1))
  expect(actual([3])).toBe(1 + 5 + 3 * (1 + 1))
  expect(actual([0])).toBe(1 + 5)
})

test('an operation that asks for nothing that costs anything is 1 point', () => {
  const { estimated, actual } = priceOf('{ version rateLimit { remaining } }')
  expect([estimated, actual([])]).toEqual([1, 1])
})

describe('what is asked of the schema costs a point for a hundred objects of the answer', () => {
  const plan = planOf('{ __schema { queryType { name } } }')

  test.each([
    { objects: 0, points: 1 },
    { objects: 1, points: 1 },
    { objects: 100, points: 1 },
    { objects: 101, points: 2 },
    { objects: 4_950, points: 50 },
    { objects: 1_000_000, points: 50 },
  ])('$objects objects: $points', ({ objects, points }) => {
    const asked = { ...plan, introspectionObjects: objects }
    const alone = priceOf('{ __schema { queryType { name } } __typename }', asked)
    expect([alone.estimated, alone.actual([])]).toEqual([points, points])
    const beside = priceOf('{ __schema { queryType { name } } curatedSets { totalCount } }', asked)
    expect([beside.estimated, beside.actual([])]).toEqual([1 + 5 + 5 + points, 1 + 5 + 5 + points])
  })

  test('the type of the root alone is 1 point', () => {
    expect(priceOf('{ __typename }').estimated).toBe(1)
  })

  test('a schema that is left out costs nothing', () => {
    const text =
      '{ __schema @include(if: false) { queryType { name } } curatedSets { totalCount } }'
    expect(priceOf(text).estimated).toBe(1 + 5 + 5)
  })
})

describe('a price is whole points up to the largest Int', () => {
  const inner = 'measurementSet { patterns(first: 100) { nodes { '
  const NESTED = `curatedSets(first: 100) { nodes { id } } patterns(first: 100) { nodes { ${inner.repeat(5)} id ${'} } } '.repeat(5)} } }`

  test('pages within pages end there', () => {
    expect(priceOf(`{ ${NESTED} }`).estimated).toBe(POINTS_MAX)
  })

  test('beside the schema they end there as well', () => {
    const { estimated, actual } = priceOf(`{ __schema { queryType { name } } ${NESTED} }`)
    const counted = planOf(`{ ${NESTED} }`).counted
    expect(estimated).toBe(POINTS_MAX)
    expect(actual(counted.map(() => POINTS_MAX))).toBe(POINTS_MAX)
  })

  test('a count that is no number costs the most there is', () => {
    expect(priceOf('{ curatedSets { nodes { id } } }').actual([Number.NaN])).toBe(POINTS_MAX)
  })
})

test('an operation whose price is too much work is too large', () => {
  const text = '{ curatedSets { totalCount } }'
  const plan = planOf(text)
  const operation = compileOperation(schema, parse(text))
  const price = {
    ...compilePrice(PRICES, parse(text)),
    estimatePoints(): number {
      throw new CostError('the document is too complex')
    },
  }
  expect(() => priceOperation({ operation, price }, plan, {})).toThrow(
    expect.objectContaining({ code: 'DOCUMENT_TOO_LARGE' }),
  )
})

function planOf(text: string): Plan {
  return compileOperation(schema, parse(text)).plan(ADMIN, {})
}

function priceOf(text: string, plan: Plan = planOf(text)): Price {
  const document = parse(text)
  const operation = compileOperation(schema, document)
  const price = compilePrice(PRICES, document, null, { introspection: 'free' })
  return priceOperation({ operation, price }, plan, {})
}
