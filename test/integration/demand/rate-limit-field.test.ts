import { expect, test } from 'vitest'

import { PEOPLE } from '../../support/planned-data.ts'
import { policiesWith } from '../../support/policies.ts'
import { stoppedCommunity } from '../../support/stopped-community.ts'

const policies = policiesWith({})
const FIELDS = 'cost limit remaining used resetAt'

test('rateLimit says what the header says, and costs nothing', async () => {
  const gateway = await stoppedCommunity({ policies })
  const { data, headers } = await gateway.post(
    `{ rateLimit { ${FIELDS} } }`,
    await gateway.keyOf('ada'),
  )
  expect(data).toEqual({
    rateLimit: {
      cost: 1,
      limit: 2000,
      remaining: 1999,
      used: 1,
      // 1 point at 100 a second.
      resetAt: '2100-03-01T12:00:00.010Z',
    },
  })
  expect(headers['ratelimit']).toBe('"burst";r=1999;t=1, "day";r=199999;t=43200')
})

test('it says how much is reserved, before what is not needed goes back', async () => {
  const gateway = await stoppedCommunity({ policies })
  // The query 1, the list 5, and 1 for each set: 56 at most, and 9 for the three that there are.
  const { data, body, headers } = await gateway.post(
    `{ measurementSets(first: 50) { nodes { name } } budget: rateLimit { ${FIELDS} } }`,
    await gateway.keyOf('ada'),
  )
  expect(data).toMatchObject({
    budget: {
      cost: 56,
      limit: 2000,
      remaining: 1944,
      used: 56,
      resetAt: '2100-03-01T12:00:00.560Z',
    },
  })
  expect(JSON.parse(body).extensions.cost).toMatchObject({
    actual: 9,
    refunded: 47,
    remaining: 1991,
  })
  expect(headers['ratelimit']).toContain('"burst";r=1991;')
})

test('it speaks of the budget with the fewest points left', async () => {
  const gateway = await stoppedCommunity({ policies })
  await gateway.draw('day', PEOPLE.ada, 199_900)
  const { data } = await gateway.post(`{ rateLimit { ${FIELDS} } }`, await gateway.keyOf('ada'))
  expect(data).toEqual({
    rateLimit: {
      cost: 1,
      limit: 200_000,
      remaining: 99,
      used: 199_901,
      resetAt: '2100-03-02T00:00:00.000Z',
    },
  })
})

test('an address without credentials has its own', async () => {
  const gateway = await stoppedCommunity({ policies })
  const { data } = await gateway.post(
    `{ a: rateLimit { limit used } b: rateLimit { remaining cost } }`,
  )
  expect(data).toEqual({ a: { limit: 200, used: 1 }, b: { remaining: 199, cost: 1 } })
})
