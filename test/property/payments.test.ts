import fc from 'fast-check'
import { parse } from 'graphql'
import { expect, test } from 'vitest'

import { compileOperation } from '../../src/cost/compile-operation.ts'
import { compileCost } from '../../src/cost/schema-cost.ts'
import { type Payment, PAYMENTS, paymentsOf } from '../../src/schema/payments.ts'
import { schema } from '../../src/schema/schema.ts'
import { randomOperation } from '../support/random-operation.ts'

const prices = compileCost(schema)
const ID = 'set_1'
const TIME = '2026-01-01T00:00:00Z'
const OPERATIONS = randomOperation(schema, {
  depth: 5,
  fields: 40,
  values: {
    id: [ID],
    ids: [[], [ID], [ID, ID]],
    username: ['ada'],
    usernameStartsWith: ['a'],
    nameEquals: ['ada'],
    design: ['aaron'],
    code: ['aaron'],
    fitting: [ID],
    tags: [[], ['adults']],
    'Query.interventions(account:)': [ID],
    from: [TIME],
    to: [TIME],
    updatedSince: [TIME],
  },
  cursors: () => [],
})

test('what an operation pays for, at its price, is what its fields can cost', () => {
  const kinds = new Set<string>()
  fc.assert(
    fc.property(OPERATIONS, ({ text, variables }) => {
      const program = compileOperation(prices, parse(text), null, { introspection: 'free' })
      const shares = program.shares(variables)
      const paid = paymentsOf(schema, shares)
      const points = Object.entries(paid).reduce(
        (sum, [payment, count]) => sum + count * PAYMENTS[payment as Payment],
        0,
      )
      expect(points).toBeCloseTo(1 + shares.reduce((sum, share) => sum + share.points, 0))
      expect(Math.ceil(points)).toBeGreaterThanOrEqual(program.estimatePoints(variables))
      for (const kind of Object.keys(paid)) kinds.add(kind)
    }),
  )
  expect([...kinds].toSorted()).toEqual(
    expect.arrayContaining(['connection', 'object', 'operation', 'relation', 'totalCount']),
  )
})
