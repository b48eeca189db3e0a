import { buildSchema } from 'graphql'
import { describe, expect, test } from 'vitest'

import { chargedPoints } from '../../support/counted-points.ts'
import { testGateway } from '../../support/gateway.ts'
import { policiesWith } from '../../support/policies.ts'
import { SMALL } from '../../support/small-schema.ts'
import { costOf } from '../../support/told-cost.ts'

/** GraphQL's largest Int: at least so many. */
const MOST = 2_147_483_647

describe('pages within pages', async () => {
  const gateway = await testGateway({ policies: policiesWith({}) })
  const curator = await gateway.account({ role: 'curator' })
  const key = await gateway.issueKey({ accountId: curator, level: 5 })
  const innermost = ['a', 'b', 'c']
    .map((name) => `${name}: measurementSet { patterns(first: $n) { nodes { settings data } } }`)
    .join(' ')
  const document = `query($n: Int = 100) {
    accounts(first: $n) { nodes { measurementSets(first: $n) { nodes {
      patterns(first: $n) { nodes { ${innermost} } } } } } } }`

  test('cost at least what an Int holds, and no more than that is ever said', async () => {
    const answer = await gateway.post(document, key)
    expect([answer.status, answer.codes]).toEqual([422, ['COST_LIMIT_EXCEEDED']])
    expect(costOf(answer)).toMatchObject({ estimated: MOST, actual: 0, refunded: 0 })
    const { dearest } = JSON.parse(answer.body).errors[0].extensions
    for (const { points } of dearest) {
      expect(Number.isInteger(points)).toBe(true)
      expect(points).toBeLessThanOrEqual(MOST)
    }
    expect(await chargedPoints(gateway)).toBe(0)
  })

  test.each([1, 2, 9])('of %i items cost whole points', async (n) => {
    const inner = 3 * (1 + 1 + 5 + n * (1 + 5 + 5))
    const estimated = 1 + 5 + n * (1 + 5 + n * (1 + 5 + n * (1 + inner)))
    const answer = await gateway.post(document, key, { n })
    expect(costOf(answer).estimated).toBe(estimated)
  })
})

describe('weights that are fractions, or below nothing', async () => {
  const schema = buildSchema(`
    directive @cost(weight: String!) on FIELD_DEFINITION | OBJECT | ARGUMENT_DEFINITION
    directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
    type Third @cost(weight: "0.3") { id: ID }
    type Gift @cost(weight: "-5") { id: ID, third: Third }
    type Query {
      thirds(first: Int): [Third] @cost(weight: "0.1") @listSize(assumedSize: 3, slicingArguments: ["first"])
      gifts(first: Int): [Gift] @cost(weight: "-2") @listSize(assumedSize: 3, slicingArguments: ["first"])
      echo(text: String @cost(weight: "-100")): String @cost(weight: "2")
    }`)
  const gateway = await testGateway({ ...SMALL, schema })

  test.each([
    // The query is 1.
    ['a third', '{ thirds(first: 1) { id } }', Math.ceil(1 + 0.1 + 0.3)],
    ['ten thirds', '{ thirds(first: 10) { id } }', Math.ceil(1 + 0.1 + 10 * 0.3)],
    ['gifts alone', '{ gifts(first: 100) { id } }', 1],
    [
      'gifts beside what costs',
      '{ gifts(first: 2147483647) { id } thirds { id } }',
      Math.ceil(1 + 0.1 + 3 * 0.3),
    ],
    ['a gift of an argument', '{ echo(text: "x") }', 1],
    ['no items', '{ thirds(first: 0) { id } }', Math.ceil(1 + 0.1)],
    ['fewer than none', '{ thirds(first: -2147483648) { id } }', Math.ceil(1 + 0.1)],
    [
      'all that an Int holds',
      '{ thirds(first: 2147483647) { id } }',
      Math.ceil(1.1 + 2147483647 * 0.3),
    ],
    [
      'what no Int holds',
      '{ a: thirds(first: 2147483647) { id } b: thirds(first: 2147483647) { id } c: thirds(first: 2147483647) { id } d: thirds(first: 2147483647) { id } }',
      MOST,
    ],
  ])('come out as whole points, 1 or more: %s', async (_what, document, points) => {
    const answer = await gateway.post(document)
    const { estimated, actual } = costOf(answer)
    expect(estimated).toBe(points)
    expect(Number.isInteger(actual)).toBe(true)
    expect(actual).toBeLessThanOrEqual(points)
  })
})
