import { describe, expect, test } from 'vitest'

import { countStatements } from '../../support/counted-statements.ts'
import { PEOPLE } from '../../support/planned-data.ts'
import { policiesWith } from '../../support/policies.ts'
import { stoppedCommunity } from '../../support/stopped-community.ts'

/** The query 1, the list 5, and 1 for each set. */
const LIST_OF_50 = { document: '{ measurementSets(first: 50) { nodes { name } } }', estimated: 56 }

describe('an operation that the budget does not pay now', () => {
  test.each([
    { restorePerSecond: 7, drawn: 990, seconds: 7 },
    { restorePerSecond: 100, drawn: 1000, seconds: 1 },
    { restorePerSecond: 0.5, drawn: 945, seconds: 2 },
    { restorePerSecond: 0.3, drawn: 1000, seconds: 187 },
    { restorePerSecond: 56, drawn: 1000, seconds: 1 },
  ])(
    'is refused for exactly the $seconds s after which $restorePerSecond/s have brought enough',
    async ({ restorePerSecond, drawn, seconds }) => {
      const gateway = await accountsWith({ capacity: 1000, restorePerSecond })
      const key = await gateway.keyOf('ada')
      await gateway.draw('burst', PEOPLE.ada, drawn)
      const refused = await gateway.post(LIST_OF_50.document, key)
      expect([refused.status, refused.codes]).toEqual([429, ['RATE_LIMITED']])
      expect(refused.headers['retry-after']).toBe(String(seconds))
      expect(refusalIn(refused.body).retryAfterSeconds).toBe(seconds)

      await gateway.pass(seconds - 1)
      const early = await gateway.post(LIST_OF_50.document, key)
      expect([early.status, early.headers['retry-after']]).toEqual([429, '1'])
      await gateway.pass(1)
      expect((await gateway.post(LIST_OF_50.document, key)).status).toBe(200)
    },
  )

  test('is told which budget, what it holds, and what would fit into that', async () => {
    const gateway = await accountsWith({ capacity: 1000, restorePerSecond: 10 })
    const key = await gateway.keyOf('ada')
    await gateway.draw('burst', PEOPLE.ada, 980)
    const { body, headers } = await gateway.post(LIST_OF_50.document, key)
    const { errors, extensions } = JSON.parse(body)
    expect(errors).toEqual([
      {
        message:
          'The operation can cost 56 points; the budget burst holds 20 of 1000. There is enough in 4 s.',
        extensions: {
          code: 'RATE_LIMITED',
          estimated: 56,
          partition: 'burst',
          limit: 1000,
          remaining: 20,
          dearest: [
            { path: 'measurementSets.nodes', points: 50 },
            { path: 'measurementSets', points: 5 },
          ],
          largestPage: { path: 'measurementSets', argument: 'first', value: 14 },
          retryAfterSeconds: 4,
        },
      },
    ])
    expect(extensions.cost).toEqual({
      estimated: 56,
      actual: 0,
      refunded: 0,
      remaining: 20,
      resetSeconds: 98,
    })
    expect(headers['ratelimit']).toBe('"burst";r=20;t=98, "day";r=200000;t=43200')
    const smaller = LIST_OF_50.document.replace('50', '14')
    await gateway.pass(1)
    expect((await gateway.post(smaller, key)).status).toBe(200)
  })

  test('takes nothing: not what is there, not from the other budgets', async () => {
    const gateway = await accountsWith({ capacity: 1000, restorePerSecond: 1 })
    const key = await gateway.keyOf('ada')
    await gateway.draw('burst', PEOPLE.ada, 950)
    expect((await gateway.post(LIST_OF_50.document, key)).status).toBe(429)
    await gateway.pass(1)
    const { headers } = await gateway.post('{ version }', key)
    expect(headers['ratelimit']).toBe('"burst";r=50;t=950, "day";r=199999;t=43199')
  })

  test('is refused without the store for a second at most', async () => {
    const gateway = await accountsWith({ capacity: 1000, restorePerSecond: 1 })
    const statements = countStatements(gateway.database.pool)
    const key = await gateway.keyOf('ada')
    await gateway.draw('burst', PEOPLE.ada, 1000)
    const status = async () => (await gateway.post(LIST_OF_50.document, key)).status
    expect(await status()).toBe(429)
    await gateway.draw('burst', PEOPLE.ada, 0)
    const before = statements.sent
    expect(await status()).toBe(429)
    expect(statements.sent).toBe(before)
    await gateway.pass(1)
    expect(await status()).toBe(200)
  })
})

test('all keys of an account draw on one budget', async () => {
  const gateway = await accountsWith({ capacity: 1000, restorePerSecond: 1 })
  await gateway.draw('burst', PEOPLE.ada, 1000)
  const keys = [await gateway.keyOf('ada'), await gateway.keyOf('ada'), await gateway.keyOf('ben')]
  const answers = await Promise.all(keys.map((key) => gateway.post(LIST_OF_50.document, key)))
  expect(answers.map(({ status }) => status)).toEqual([429, 429, 200])
})

test('an account is told of a budget of everybody’s only where that one refuses it', async () => {
  const gateway = await stoppedCommunity({ policies: policiesWith({}) })
  const key = await gateway.keyOf('ada')
  // The query 1, the list 5, and 1 for each of the three sets that there are.
  const { headers: before } = await gateway.post(LIST_OF_50.document, key)
  expect(before['ratelimit']).toBe('"burst";r=1991;t=1, "day";r=199991;t=43200')
  await gateway.pass(1)
  await gateway.draw('service-burst', 'all', 19_990)
  const { body, headers } = await gateway.post(LIST_OF_50.document, key)
  expect(refusalIn(body)).toMatchObject({
    code: 'RATE_LIMITED',
    partition: 'service-burst',
    limit: 20_000,
    remaining: 10,
    retryAfterSeconds: 1,
  })
  expect(headers['ratelimit']).toBe(
    '"burst";r=2000;t=0, "day";r=199991;t=43199, "service-burst";r=10;t=10',
  )
})

function accountsWith(burst: { readonly capacity: number; readonly restorePerSecond: number }) {
  return stoppedCommunity({ policies: policiesWith({ burst }) })
}

function refusalIn(body: string) {
  return JSON.parse(body).errors[0].extensions
}

test('clients without credentials can empty no more of what everybody shares than their part of it', async () => {
  const gateway = await stoppedCommunity({ policies: policiesWith({}) })
  const key = await gateway.issueKey()
  await gateway.draw('service-anonymous', 'all', 4_999)
  const refused = await gateway.post('{ curatedSets { totalCount } }')
  expect([refused.status, refused.codes]).toEqual([429, ['RATE_LIMITED']])
  expect(refused.headers['ratelimit']).toContain('"service-anonymous";r=1;')
  expect((await gateway.post('{ curatedSets { totalCount } }', key)).status).toBe(200)
})
