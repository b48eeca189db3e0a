import { buildSchema } from 'graphql'
import { expect, test } from 'vitest'

import { testGateway } from '../../support/gateway.ts'
import { SMALL } from '../../support/small-schema.ts'
import { costOf } from '../../support/told-cost.ts'

const gateway = await testGateway()

function aliased(count: number, field: string): string {
  return `{ ${Array.from({ length: count }, (_, i) => `a${i}: ${field}`).join(' ')} }`
}

test('fifteen aliases of one field are paid for one by one', async () => {
  const answer = await gateway.post(aliased(15, 'curatedSets(first: 4) { nodes { id } }'))
  expect([answer.status, costOf(answer).estimated]).toEqual([200, 1 + 15 * (5 + 4)])
})

test.each(['curatedSets { totalCount }', '__typename', '__schema { queryType { name } }'])(
  'a hundred aliases of %s are refused, and cost no points',
  async (field) => {
    const answer = await gateway.post(aliased(100, field))
    expect([answer.status, answer.codes]).toEqual([400, ['DOCUMENT_TOO_LARGE']])
    expect(costOf(answer)).toMatchObject({ estimated: null, actual: 0 })
  },
)

test('aliases of the same objects below each other are paid for at every level', async () => {
  const inner = 'a: measurementSet { id } b: measurementSet { id }'
  const document = `{ accounts(first: 3) { nodes { patterns(first: 7) { nodes { ${inner} } } } } }`
  const curator = await gateway.account({ role: 'curator' })
  const answer = await gateway.post(
    document,
    await gateway.issueKey({ accountId: curator, level: 5 }),
  )
  expect(costOf(answer).estimated).toBe(1 + 5 + 3 * (1 + 5 + 7 * (1 + 2 * (1 + 1))))
})

test('a directive with a price is paid for wherever it stands, and once for the dearest of its places', async () => {
  const schema = buildSchema(`
    directive @cost(weight: String!) on ARGUMENT_DEFINITION | FIELD_DEFINITION
    directive @audit(level: Int @cost(weight: "50")) on FIELD | INLINE_FRAGMENT
    type Query { version: String }`)
  const small = await testGateway({ ...SMALL, schema })
  async function price(document: string): Promise<number | null> {
    const answer = await small.post(document)
    expect(answer.codes).toEqual([])
    return costOf(answer).estimated
  }
  expect(await price('{ version @audit(level: 1) }')).toBe(1 + 50)
  expect(await price('{ version version @audit(level: 1) }')).toBe(1 + 50)
  expect(await price('{ version @audit(level: 1) version @audit(level: 2) }')).toBe(1 + 50)
  expect(await price('{ version ... on Query { version @audit } }')).toBe(1)
  expect(await price('{ version ... @audit(level: 1) { version } }')).toBe(1)
})
