import { expect, test } from 'vitest'

import { PEOPLE } from '../../support/planned-data.ts'
import { policiesWith } from '../../support/policies.ts'
import { stoppedCommunity } from '../../support/stopped-community.ts'

/** The query 1, the list 5, and 1 for each set. */
const LIST_OF_50 = '{ measurementSets(first: 50) { nodes { name } } }'

test('an account whose day is spent is told until when, and whom to ask for more', async () => {
  const gateway = await stoppedCommunity({ policies: policiesWith({}) })
  const key = await gateway.keyOf('ada')
  await gateway.draw('day', PEOPLE.ada, 199_990)
  const { status, body, headers } = await gateway.post(LIST_OF_50, key)
  expect([status, headers['retry-after']]).toEqual([429, '43200'])
  expect(JSON.parse(body).errors).toEqual([
    {
      message:
        'The operation can cost 56 points; the budget day holds 10 of 200000. It is full again in 43200 s.',
      extensions: {
        code: 'QUOTA_EXCEEDED',
        estimated: 56,
        partition: 'day',
        limit: 200_000,
        remaining: 10,
        dearest: [
          { path: 'measurementSets.nodes', points: 50 },
          { path: 'measurementSets', points: 5 },
        ],
        largestPage: { path: 'measurementSets', argument: 'first', value: 4 },
        retryAfterSeconds: 43_200,
        resetAt: '2100-03-02T00:00:00.000Z',
        contact: 'help@example.org',
      },
    },
  ])
  // The day has the fewest points left, and is what the client is shown.
  expect(JSON.parse(body).extensions.cost).toMatchObject({ remaining: 10, resetSeconds: 43_200 })
  expect(headers['ratelimit']).toBe('"burst";r=2000;t=0, "day";r=10;t=43200')
})

test('a day that is spent is over at midnight in UTC, and not a second earlier', async () => {
  const gateway = await stoppedCommunity({ policies: policiesWith({}) })
  const key = await gateway.keyOf('ada')
  await gateway.draw('day', PEOPLE.ada, 199_990)
  await gateway.pass(43_199)
  const late = await gateway.post(LIST_OF_50, key)
  expect([late.status, late.headers['retry-after']]).toEqual([429, '1'])
  expect(JSON.parse(late.body).errors[0].extensions.resetAt).toBe('2100-03-02T00:00:00.000Z')
  await gateway.pass(1)
  expect((await gateway.post(LIST_OF_50, key)).status).toBe(200)
})

test('where the burst is empty too, the one that takes longest is named, and a page that fits both', async () => {
  const gateway = await stoppedCommunity({ policies: policiesWith({}) })
  const key = await gateway.keyOf('ada')
  await gateway.draw('day', PEOPLE.ada, 199_970)
  await gateway.draw('burst', PEOPLE.ada, 1992)
  const { body } = await gateway.post(LIST_OF_50, key)
  expect(JSON.parse(body).errors[0].extensions).toMatchObject({
    code: 'QUOTA_EXCEEDED',
    partition: 'day',
    remaining: 30,
    // The burst holds 8.
    largestPage: { value: 2 },
  })
})

test('the ceiling in money closes for everybody until the month is over', async () => {
  const gateway = await stoppedCommunity({
    policies: policiesWith({ 'service-month': { capacity: 1_000_000 } }),
  })
  await gateway.draw('service-month', 'all', 999_999)
  const { body, headers } = await gateway.post('{ curatedSets { nodes { name } } }')
  expect(JSON.parse(body).errors[0].extensions).toMatchObject({
    code: 'QUOTA_EXCEEDED',
    partition: 'service-month',
    remaining: 1,
    resetAt: '2100-04-01T00:00:00.000Z',
    retryAfterSeconds: 30 * 86_400 + 43_200,
  })
  expect(headers['ratelimit-policy']).toContain('"service-month";q=1000000;maat-unit="points"')
})

test('an account that is younger than 7 days has a smaller day', async () => {
  const gateway = await stoppedCommunity({ policies: policiesWith({}) })
  const sevenDays = 7 * 86_400
  const accountId = await gateway.account({ created_at: gateway.demand.clock() })
  const key = await gateway.issueKey({ accountId, expiresAt: '2100-04-01' })
  const policy = async () => (await gateway.post('{ version }', key)).headers['ratelimit-policy']
  expect(await policy()).toContain('"day";q=20000;')
  await gateway.pass(sevenDays - 3)
  expect(await policy()).toContain('"day";q=20000;')
  await gateway.pass(3)
  expect(await policy()).toContain('"day";q=200000;')
})
