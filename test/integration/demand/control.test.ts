import { expect, test } from 'vitest'

import type { Principal } from '../../../src/auth/principal.ts'
import type { CostMode } from '../../../src/gateway/receipt.ts'
import type { PolicyRows } from '../../../src/quota/policy-rows.ts'
import { keyOf } from '../../support/planned-request.ts'
import { PEOPLE } from '../../support/planned-data.ts'
import { policiesWith } from '../../support/policies.ts'
import { stoppedCommunity, type StoppedCommunity } from '../../support/stopped-community.ts'

const KEY = keyOf('ada')
const SESSION: Principal = {
  ...KEY,
  standing: {
    ...KEY.standing,
    kind: 'session',
    level: 4,
    role: 'user',
    status: 'active',
    consent: 'measurements',
  },
}

test('a person whose budgets are empty still sees and stops what goes on', async () => {
  const gateway = await emptied()
  const { status, body, headers } = await ask(
    gateway,
    SESSION,
    '{ me { username } apiKeys(first: 5) { nodes { name } } }',
  )
  expect(status).toBe(200)
  // The query 1, me 1, the account 1, the list 5, and 1 for each of the keys: there is one.
  expect(JSON.parse(body).extensions.cost).toMatchObject({
    estimated: 13,
    actual: 9,
    remaining: 51,
  })
  expect(headers['RateLimit']).toBe('"control";r=51;t=9')
})

test.each([
  ['by a key', KEY, '{ me { username } }'],
  ['for anything else', SESSION, '{ me { username } version }'],
  // 1 + 1 + 1 + 5 + 60
  [
    'for more than there ever is',
    SESSION,
    '{ me { measurementSets(first: 60) { nodes { id } } } }',
  ],
])('the control budget is not drawn on %s', async (_what, principal, document) => {
  const gateway = await emptied()
  const { status, body } = await ask(gateway, principal, document)
  expect([status, JSON.parse(body).errors[0].extensions.partition]).toEqual([429, 'burst'])
})

test('what the control budget would pay is priced on it, and would run', async () => {
  const gateway = await emptied()
  const { body } = await ask(gateway, SESSION, '{ me { username } }', 'validate')
  expect(JSON.parse(body).extensions.cost).toMatchObject({ estimated: 3, verdict: 'RUN' })
})

test('an operation that the control budget pays where others hold too little would run', async () => {
  const gateway = await stoppedCommunity({ policies: policiesWith({}) })
  await gateway.draw('burst', PEOPLE.ada, 1998)
  const priced = await ask(gateway, SESSION, '{ me { username } }', 'validate')
  expect(JSON.parse(priced.body).extensions.cost).toMatchObject({ estimated: 3, verdict: 'RUN' })
  expect((await ask(gateway, SESSION, '{ me { username } }')).status).toBe(200)
})

test('a price that is refused itself tells what it costs, and no advice for the operation', async () => {
  const gateway = await emptied()
  const { status, body } = await ask(gateway, KEY, '{ me { username } }', 'validate')
  const [{ message, extensions }] = JSON.parse(body).errors
  expect(status).toBe(429)
  expect(message).toContain('To be told a price costs 1 point;')
  expect(extensions).toMatchObject({ estimated: 1, dearest: [], largestPage: null })
})

test('operations of the control budget draw nothing from the attempts, new and refused ones neither', async () => {
  const gateway = await emptied({ attempts: { capacity: 10, restorePerSecond: 1 } })
  const asked = { principal: SESSION, address: '127.0.0.1/32' }
  for (let n = 0; n < 20; n += 1) {
    // oxlint-disable-next-line no-await-in-loop
    await ask(gateway, SESSION, `{ me { username } apiKeys(first: ${100 - n}) { totalCount } }`)
  }
  for (let n = 0; n < 20; n += 1) {
    // oxlint-disable-next-line no-await-in-loop
    await ask(gateway, SESSION, `{ apiKeys(first: ${100 - n}) { nodes { id } } }`)
  }
  expect(() => gateway.gateway.assertAttemptsLeft(asked)).not.toThrow()
  // Others do.
  for (let n = 0; n < 10; n += 1) {
    // oxlint-disable-next-line no-await-in-loop
    await ask(gateway, SESSION, `{ version me { username } apiKeys(first: ${n}) { totalCount } }`)
  }
  expect(() => gateway.gateway.assertAttemptsLeft(asked)).toThrow('Too many')
})

test.each([
  '{ ...constructor }',
  'fragment F on Query { version }',
  '{ ...Missing }',
  '{ me { unknown } ...Missing version }',
])(
  'a document that asks for nothing of it, or for something else, draws attempts: %s',
  async (query) => {
    const gateway = await emptied({ attempts: { capacity: 2, restorePerSecond: 0.001 } })
    const asked = { principal: SESSION, address: '127.0.0.1/32' }
    await ask(gateway, SESSION, query)
    expect(() => gateway.gateway.assertAttemptsLeft(asked)).toThrow('Too many')
  },
)

async function emptied(rows: Partial<PolicyRows> = {}): Promise<StoppedCommunity> {
  const gateway = await stoppedCommunity({ policies: policiesWith(rows) })
  await gateway.draw('burst', PEOPLE.ada, 2000)
  return gateway
}

/** As whoever this is, past the credentials: nobody signs in over HTTP yet. */
function ask(
  { gateway }: StoppedCommunity,
  principal: Principal,
  query: string,
  costMode: CostMode = 'totals',
) {
  return gateway.answer({
    method: 'POST',
    parameters: { query, variables: null, operationName: null, extensions: null },
    principal,
    address: '127.0.0.1/32',
    costMode,
    mediaType: 'application/graphql-response+json',
    requestId: 'test',
  })
}
