import { describe, expect, test } from 'vitest'

import { testGateway } from '../../support/gateway.ts'
import { policiesWith } from '../../support/policies.ts'
import { costOf } from '../../support/told-cost.ts'

// The query 1, the list 5; for each set 1, and 1 for its list of values.
const SETS = 'curatedSets(first: 100) { nodes { measurementList { value } } }'
const POINTS = 5 + 100 * (1 + 1)
/** Above what anybody may without credentials. */
const DEAR = { document: `{ ${SETS} }`, points: 1 + POINTS }
/** Above what levels 0 to 4 may. */
const DEARER = {
  document: `{ ${['a', 'b', 'c', 'd', 'e'].map((name) => `${name}: ${SETS}`).join(' ')} }`,
  points: 1 + 5 * POINTS,
}

describe.each(['front', 'yoga'] as const)('through the %s door', async (door) => {
  const gateway = await testGateway({ door, policies: policiesWith({}) })
  const curator = await gateway.account({ role: 'curator' })
  const small = await gateway.issueKey({ level: 4 })
  const large = await gateway.issueKey({ accountId: curator, level: 5 })

  test.each([
    { name: 'nobody and a key', ...DEAR, poor: undefined, rich: small, limit: 200 },
    {
      name: 'a key of level 4 and one of level 5',
      ...DEARER,
      poor: small,
      rich: large,
      limit: 1000,
    },
  ])(
    'a document that is too dear for one client stays so after another ran it: $name',
    async ({ document, points, poor, rich, limit }) => {
      const refused = { status: 422, codes: ['COST_LIMIT_EXCEEDED'], estimated: points }
      const ran = { status: 200, codes: [], estimated: points }
      expect(await outcome(document, poor)).toEqual(refused)
      expect(await outcome(document, rich)).toEqual(ran)
      expect(await outcome(document, poor)).toEqual(refused)
      // The other way round, under a text that nobody has sent yet.
      const other = `${document} # ${limit}`
      expect(await outcome(other, rich)).toEqual(ran)
      expect(await outcome(other, poor)).toEqual(refused)
      expect(await outcome(other, rich)).toEqual(ran)
    },
  )

  test('a document that is closed to one level stays so after another ran it', async () => {
    const document = '{ accounts(first: 1) { totalCount } }'
    for (const key of [small, large, small, large]) {
      // One after the other: each finds what the one before it left behind.
      // oxlint-disable-next-line no-await-in-loop
      const { status } = await gateway.post(document, key)
      expect(status).toBe(key === large ? 200 : 403)
    }
  })

  test('a page is out of bounds for everybody, and only with the variables that make it so', async () => {
    const document = 'query($n: Int) { curatedSets(first: $n) { totalCount } }'
    for (const n of [101, 100, 101, 100]) {
      // oxlint-disable-next-line no-await-in-loop
      const { status } = await gateway.post(document, small, { n })
      expect(status).toBe(n === 100 ? 200 : 422)
    }
  })

  async function outcome(document: string, key: string | undefined) {
    const answer = await gateway.post(document, key)
    const { status, codes } = answer
    return { status, codes, estimated: costOf(answer).estimated }
  }
})
