import { describe, expect, test } from 'vitest'

import { PEOPLE } from '../../support/planned-data.ts'
import { policiesWith } from '../../support/policies.ts'
import { stoppedCommunity } from '../../support/stopped-community.ts'

const policies = policiesWith({
  burst: { capacity: 1000, restorePerSecond: 10 },
  'in-flight': 2,
  attempts: { capacity: 5, restorePerSecond: 1 },
})

/** The query 1, the list 5, and 1 for each set; there are three. */
const LIST_OF_50 = '{ measurementSets(first: 50) { nodes { name } } }'

describe('where budgets are only measured', () => {
  test('an operation above every ceiling runs, and is told what would have refused it', async () => {
    const gateway = await measuring()
    // The query 1, the list 5, for each set 1, its list 5, and 1 for each pattern: more than the burst ever holds.
    const document =
      '{ measurementSets(first: 50) { nodes { patterns(first: 100) { nodes { design } } } } rateLimit { cost remaining } }'
    const { status, data, body, headers } = await gateway.post(document, await gateway.keyOf('ada'))
    expect(status).toBe(200)
    expect(data).toMatchObject({ rateLimit: { cost: 5306, remaining: 1000 } })
    expect(JSON.parse(body).extensions.cost).toEqual({
      estimated: 5306,
      // 1 + 5 + 3 x (1 + 5) + the two patterns
      actual: 26,
      refunded: 0,
      remaining: 1000,
      resetSeconds: 0,
      wouldRefuse: 'COST_LIMIT_EXCEEDED',
    })
    expect(headers['ratelimit']).toBe('"burst";r=1000;t=0, "day";r=200000;t=43200')
  })

  test.each([
    ['burst', 990, 'RATE_LIMITED'],
    ['day', 199_990, 'QUOTA_EXCEEDED'],
  ])('an empty %s refuses nothing', async (partition, drawn, code) => {
    const gateway = await measuring()
    await gateway.draw(partition, PEOPLE.ada, drawn)
    const { status, data, body, headers } = await gateway.post(
      LIST_OF_50,
      await gateway.keyOf('ada'),
    )
    expect([status, headers['retry-after']]).toEqual([200, undefined])
    expect(data).toMatchObject({ measurementSets: { nodes: [{}, {}, {}] } })
    expect(JSON.parse(body).extensions.cost).toMatchObject({
      estimated: 56,
      actual: 9,
      refunded: 0,
      remaining: 10,
      wouldRefuse: code,
    })
  })

  test('no operation is one too many', async () => {
    const gateway = await measuring()
    const { inFlight } = gateway.demand
    while (inFlight.enter(PEOPLE.ada, 2)) continue
    const { status, body } = await gateway.post(LIST_OF_50, await gateway.keyOf('ada'))
    expect(status).toBe(200)
    expect(JSON.parse(body).extensions.cost).toMatchObject({
      actual: 9,
      refunded: 47,
      wouldRefuse: 'CONCURRENCY_LIMITED',
    })
  })

  test('no attempt is one too many', async () => {
    const gateway = await measuring()
    const key = await gateway.keyOf('ada')
    for (let i = 0; i < 3; i += 1) await gateway.post('{ nothing }', key)
    const refused = await gateway.post('{ nothing }', key)
    expect(refused.codes).toEqual(['DOCUMENT_INVALID'])
    expect(costIn(refused.body)).toMatchObject({ wouldRefuse: 'RATE_LIMITED' })
    const answered = await gateway.post('{ version }', key)
    expect([answered.status, costIn(answered.body)]).toMatchObject([
      200,
      { wouldRefuse: 'RATE_LIMITED' },
    ])
    await gateway.pass(60)
    expect(costIn((await gateway.post('{ version }', key)).body)).not.toHaveProperty('wouldRefuse')
  })

  test('an operation that nothing would refuse is told so by silence', async () => {
    const gateway = await measuring()
    const { body } = await gateway.post(LIST_OF_50, await gateway.keyOf('ada'))
    expect(costIn(body)).toEqual({
      estimated: 56,
      actual: 9,
      refunded: 47,
      remaining: 991,
      resetSeconds: 1,
    })
  })

  test('a verdict is RUN, beside what would have refused', async () => {
    const gateway = await measuring()
    const key = await gateway.keyOf('ada')
    await gateway.draw('burst', PEOPLE.ada, 990)
    const { body } = await gateway.send({
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${key}`,
        'graphql-cost': 'validate',
      },
      body: JSON.stringify({ query: LIST_OF_50 }),
    })
    expect(costIn(body)).toMatchObject({
      estimated: 56,
      wouldRefuse: 'RATE_LIMITED',
      verdict: 'RUN',
    })
  })
})

test.each([
  ['its size', 400, 'DOCUMENT_TOO_LARGE', `{ version } # ${'x'.repeat(16_384)}`],
  ['its depth', 400, 'DOCUMENT_TOO_LARGE', `${'{ me '.repeat(12)}${'}'.repeat(12)}`],
  [
    'the size of a page',
    422,
    'PAGE_SIZE_INVALID',
    '{ measurementSets(first: 101) { totalCount } }',
  ],
  ['its access', 403, 'LEVEL_TOO_LOW', '{ accounts { totalCount } }'],
])(
  '%s still refuses an operation: the process has to be protected',
  async (_what, status, code, document) => {
    const gateway = await measuring()
    const answer = await gateway.post(document, await gateway.keyOf('ada'))
    expect([answer.status, answer.codes]).toEqual([status, [code]])
  },
)

function measuring() {
  return stoppedCommunity({ policies, mode: 'measure' })
}

function costIn(body: string) {
  return JSON.parse(body).extensions.cost
}
