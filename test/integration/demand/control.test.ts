import { expect, test } from 'vitest'

import type { Principal } from '../../../src/auth/principal.ts'
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

async function emptied(): Promise<StoppedCommunity> {
  const gateway = await stoppedCommunity({ policies: policiesWith({}) })
  await gateway.draw('burst', PEOPLE.ada, 2000)
  return gateway
}

/** As whoever this is, past the credentials: nobody signs in over HTTP yet. */
function ask({ gateway }: StoppedCommunity, principal: Principal, query: string) {
  return gateway.answer({
    method: 'POST',
    parameters: { query, variables: null, operationName: null, extensions: null },
    principal,
    address: '127.0.0.1/32',
    costMode: 'totals',
    mediaType: 'application/graphql-response+json',
    requestId: 'test',
  })
}
