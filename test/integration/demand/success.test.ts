import { expect, test } from 'vitest'

import { policiesWith } from '../../support/policies.ts'
import { stoppedCommunity } from '../../support/stopped-community.ts'

const policies = policiesWith({})
const POLICY = '"burst";q=2000;w=20;maat-unit="points", "day";q=200000;w=86400;maat-unit="points"'

/** Of three sets one has a base, and two have a pattern each. */
const CASES = [
  {
    what: 'a page that is half full',
    document: '{ me { measurementSets(first: 6) { nodes { name } } } }',
    // The query 1; me 1, the account 1; the list 5, and 1 for each of its sets.
    estimated: 1 + (1 + 1) + (5 + 6),
    actual: 1 + (1 + 1) + (5 + 3),
  },
  {
    what: 'pages in a page',
    document:
      '{ measurementSets(first: 4) { nodes { patterns(first: 2) { totalCount nodes { design } } } } }',
    // The query 1; the list 5; for each set 1, its list 5, the count 5, and 1 for each pattern.
    estimated: 1 + 5 + 4 * (1 + 5 + 5 + 2),
    actual: 1 + 5 + 3 * (1 + 5 + 5) + 2,
  },
  {
    what: 'a relation that is null more often than not',
    document: '{ measurementSets(first: 3) { nodes { baseSet { name } } } }',
    // The query 1; the list 5; for each set 1, to look for its base 1, and 1 for the base.
    estimated: 1 + 5 + 3 * (1 + 1 + 1),
    actual: 1 + 5 + 3 * (1 + 1) + 1,
  },
] as const

test.each(CASES)(
  'an answer says what the operation could cost, what it did, and what is left: $what',
  async ({ document, estimated, actual }) => {
    const gateway = await stoppedCommunity({ policies })
    const { status, body, headers } = await gateway.post(document, await gateway.keyOf('ada'))
    expect(status).toBe(200)
    const { errors, extensions } = JSON.parse(body)
    expect(errors).toBeUndefined()
    const resetSeconds = Math.ceil(actual / 100)
    expect(extensions).toEqual({
      cost: {
        estimated,
        actual,
        refunded: estimated - actual,
        remaining: 2000 - actual,
        resetSeconds,
      },
    })
    expect(headers['ratelimit-policy']).toBe(POLICY)
    // Noon: the day has 12 hours left.
    expect(headers['ratelimit']).toBe(
      `"burst";r=${2000 - actual};t=${resetSeconds}, "day";r=${200_000 - actual};t=43200`,
    )
    expect(headers['retry-after']).toBeUndefined()
  },
)

test('what operations leave is what the next one finds', async () => {
  const gateway = await stoppedCommunity({ policies })
  const key = await gateway.keyOf('ada')
  const [first, second] = [CASES[0], CASES[1]]
  await gateway.post(first.document, key)
  const { headers } = await gateway.post(second.document, key)
  const actual = first.actual + second.actual
  expect(headers['ratelimit']).toBe(
    `"burst";r=${2000 - actual};t=1, "day";r=${200_000 - actual};t=43200`,
  )
})

test('what was drawn comes back with time, the day only when it is over', async () => {
  const gateway = await stoppedCommunity({ policies })
  const key = await gateway.keyOf('ada')
  const [{ document, actual }] = CASES
  await gateway.post(document, key)
  await gateway.pass(12 * 3600 - 1)
  const evening = await gateway.post(document, key)
  expect(evening.headers['ratelimit']).toBe(
    `"burst";r=${2000 - actual};t=1, "day";r=${200_000 - 2 * actual};t=1`,
  )
  await gateway.pass(1)
  const midnight = await gateway.post(document, key)
  expect(midnight.headers['ratelimit']).toBe(
    `"burst";r=${2000 - actual};t=1, "day";r=${200_000 - actual};t=86400`,
  )
})

test('no more is left than there ever is, with points leased before midnight too', async () => {
  const gateway = await stoppedCommunity({ policies })
  const key = await gateway.keyOf('ada')
  await gateway.pass(12 * 3600 - 1)
  await gateway.post('{ version }', key)
  await gateway.pass(3)
  const { headers } = await gateway.post('{ version }', key)
  const [, burst, day] =
    /"burst";r=(\d+);t=\d+, "day";r=(\d+);t=86398/.exec(String(headers['ratelimit'])) ?? []
  expect(Number(burst)).toBeLessThanOrEqual(2000)
  expect(Number(day)).toBeLessThanOrEqual(200_000)
})

test('an address without credentials has budgets of its own', async () => {
  const gateway = await stoppedCommunity({ policies })
  const { headers, body } = await gateway.post('{ curatedSets(first: 3) { nodes { name } } }')
  // The query 1, the list 5, and 1 for each of the two sets that are published.
  expect(headers['ratelimit-policy']).toBe(
    '"anonymous-burst";q=200;w=40;maat-unit="points", "anonymous-day";q=5000;w=86400;maat-unit="points"',
  )
  expect(headers['ratelimit']).toBe('"anonymous-burst";r=192;t=2, "anonymous-day";r=4992;t=43200')
  expect(JSON.parse(body).extensions.cost).toEqual({
    estimated: 9,
    actual: 8,
    refunded: 1,
    remaining: 192,
    resetSeconds: 2,
  })
})

test('a page of another origin may read what is left, how long to wait, and the id of the request', async () => {
  const gateway = await stoppedCommunity({ policies })
  const { headers } = await gateway.send({
    path: '/graphql?query={version}',
    headers: { origin: 'https://app.example' },
  })
  expect(headers['ratelimit']).toBeDefined()
  expect(headers['access-control-expose-headers']?.split(', ').toSorted()).toEqual([
    'ETag',
    'Link',
    'RateLimit',
    'RateLimit-Policy',
    'Retry-After',
    'X-Request-Id',
  ])
})
