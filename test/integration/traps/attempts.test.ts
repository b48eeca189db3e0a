import { describe, expect, test } from 'vitest'

import { formatId } from '../../../src/ids.ts'
import { chargedPoints } from '../../support/counted-points.ts'
import { PATTERNS, SETS } from '../../support/planned-data.ts'
import { testGateway, type TestGateway } from '../../support/gateway.ts'
import { postHeadersOnly } from '../../support/headers-only.ts'
import { policiesWith } from '../../support/policies.ts'

const CAPACITY = 10
const JSON_TYPE = { 'content-type': 'application/json' }

/** A gateway that allows ten attempts, one more each second, and its clock. */
async function tiringGateway() {
  const clock = { nowMs: 0 }
  const policies = policiesWith({ attempts: { capacity: CAPACITY, restorePerSecond: 1 } })
  const gateway = await testGateway({ policies, monotonic: () => clock.nowMs })
  return { gateway, clock }
}

/** A request that is refused and costs one attempt. */
function fail({ send }: TestGateway, key?: string) {
  const headers = { ...JSON_TYPE, ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) }
  return send({ method: 'POST', headers, body: '{' })
}

async function exhaust(gateway: TestGateway, key?: string): Promise<void> {
  const answers = await Promise.all(Array.from({ length: CAPACITY }, () => fail(gateway, key)))
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 400))
}

test('refused requests close the attempts of an address, and cost no points', async () => {
  const { gateway } = await tiringGateway()
  await exhaust(gateway)
  const { status, codes, body, headers } = await gateway.post('{ version }')
  expect([status, codes]).toEqual([429, ['RATE_LIMITED']])
  expect(JSON.parse(body).errors[0].extensions).toMatchObject({
    partition: 'attempts',
    limit: CAPACITY,
    estimated: null,
  })
  expect(headers['ratelimit']).toContain('"attempts";r=0;')
  expect(await chargedPoints(gateway)).toBe(0)
})

test('whoever waits for as long as it was told is served, and not a second earlier', async () => {
  const { gateway, clock } = await tiringGateway()
  await exhaust(gateway)
  const refused = await gateway.post('{ version }')
  const seconds = Number(refused.headers['retry-after'])
  // Of the eleven that were drawn by then two have to come back.
  expect(seconds).toBe(2)
  clock.nowMs += seconds * 1000 - 1
  const early = await gateway.post('{ version }')
  expect(early.status).toBe(429)
  clock.nowMs += Number(early.headers['retry-after']) * 1000
  expect((await gateway.post('{ version }')).status).toBe(200)
})

test('however often it was tried in vain, the wait is for one whole budget', async () => {
  const { gateway, clock } = await tiringGateway()
  await exhaust(gateway)
  await Promise.all(Array.from({ length: 5 * CAPACITY }, () => fail(gateway)))
  clock.nowMs += CAPACITY * 1000
  expect((await gateway.post('{ version }')).status).toBe(429)
  // What that one drew, and the one to be made.
  clock.nowMs += 2000
  expect((await gateway.post('{ version }')).status).toBe(200)
})

describe('where no attempts are left', () => {
  test('the headers alone are answered: nobody waits for a body', async () => {
    const { gateway } = await tiringGateway()
    const key = await gateway.issueKey()
    await exhaust(gateway, key)
    await exhaust(gateway)
    const clients: Record<string, string>[] = [{}, { authorization: `Bearer ${key}` }]
    for (const headers of clients) {
      // oxlint-disable-next-line no-await-in-loop
      const { status, body } = await postHeadersOnly(gateway.origin, headers)
      expect(status).toBe(429)
      expect(body).toContain('RATE_LIMITED')
    }
  })

  test('preflights and health are answered, and draw nothing', async () => {
    const { gateway, clock } = await tiringGateway()
    await exhaust(gateway)
    const preflight = {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example', 'access-control-request-method': 'POST' },
    }
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => [
        gateway.send(preflight),
        gateway.send({ path: '/livez' }),
        gateway.send({ path: '/readyz' }),
      ]).flat(),
    )
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 204]))
    clock.nowMs += 1000
    expect((await gateway.post('{ version }')).status).toBe(200)
  })
})

describe('what draws on the attempts', () => {
  test('a document does when it is compiled for the first time, by its length', async () => {
    const { gateway } = await tiringGateway()
    // 100 tokens, and 4 around them: 1 for the document, 1.04 for its length.
    const document = `{ ${'__typename '.repeat(50)}${'version '.repeat(50)}}`
    expect((await gateway.post(document)).status).toBe(200)
    expect(attemptsLeft(await fail(gateway))).toBe(Math.floor(CAPACITY - 2.04 - 1))
  })

  test('a document that is known does not, however often it runs', async () => {
    const { gateway } = await tiringGateway()
    await gateway.post('{ __typename }')
    const answers = await Promise.all(
      Array.from({ length: 3 * CAPACITY }, () => gateway.post('{ __typename }')),
    )
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    expect(attemptsLeft(await fail(gateway))).toBe(Math.floor(CAPACITY - 1.05 - 1))
  })

  test('a plan does that variables ask for, but for the first one of its document', async () => {
    const { gateway } = await tiringGateway()
    const document = 'query ($id: ID!) { node(id: $id) { id } }'
    const ask = (id: string) => gateway.post(document, undefined, { id })
    await ask(formatId('set', SETS.adaBase))
    await ask(formatId('set', SETS.adaHeels))
    const before = attemptsLeft(await fail(gateway))
    await ask(formatId('pat', PATTERNS.adaAaron))
    await ask(formatId('pat', PATTERNS.adaBrian))
    expect(attemptsLeft(await fail(gateway))).toBe(before - 2)
  })

  test('a long body does, before it is read, by its length', async () => {
    const { gateway } = await tiringGateway()
    const key = await gateway.issueKey({ level: 3 })
    await gateway.post('{ version }', key)
    const before = attemptsLeft(await fail(gateway, key))
    const answered = await gateway.post('{ version }', key, { padding: 'x'.repeat(30_000) })
    expect(answered.status).toBe(200)
    expect(attemptsLeft(await fail(gateway, key))).toBe(before - 3)
  })

  test('of long bodies that come at once no more are read than there are attempts for', async () => {
    const { gateway } = await tiringGateway()
    const key = await gateway.issueKey({ level: 3 })
    await gateway.post('{ version }', key)
    const long = { padding: 'x'.repeat(100_000) }
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => gateway.post('{ version }', key, long)),
    )
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b)
    expect(statuses).toEqual([200, ...Array.from({ length: 7 }, () => 429)])
  })

  test('a refusal that was paid for does not', async () => {
    const { gateway } = await tiringGateway()
    const key = await gateway.issueKey()
    await gateway.post('{ curatedSets { totalCount } }', key)
    const before = attemptsLeft(await fail(gateway, key))
    // Told its price, and refused for it in that very answer: one point.
    for (let n = 0; n < 5; n += 1) {
      // oxlint-disable-next-line no-await-in-loop
      await gateway.send({
        method: 'POST',
        headers: { ...JSON_TYPE, authorization: `Bearer ${key}`, 'graphql-cost': 'validate' },
        body: JSON.stringify({ query: '{ curatedSets { totalCount } }' }),
      })
    }
    expect(attemptsLeft(await fail(gateway, key))).toBe(before - 1)
  })
})

/** As the answer's own budget fields say. */
function attemptsLeft({ headers }: { readonly headers: Record<string, unknown> }): number {
  const [, left] = /"attempts";r=(\d+)/.exec(String(headers['ratelimit'])) ?? []
  return Number(left)
}
