import { expect, test } from 'vitest'

import { startShipping } from '../../../src/metering/meter.ts'
import type { Policies } from '../../../src/quota/policies.ts'
import { testGateway, type TestGateway } from '../../support/gateway.ts'
import { usedKey, usesOf } from '../../support/key-uses.ts'
import { AMPLE_ROWS, policiesWith } from '../../support/policies.ts'
import { insertSession } from '../../support/session.ts'
import { whenDone } from '../../support/when-done.ts'

const USE = '{ apiKeys { nodes { calls lastUsedAt } } me { keyCalls sessionCalls lastSeenAt } }'
const ME = '{ me { username } }'

test('a key tells how often and when it was used, and so does its account', async () => {
  const now = new Date('2026-02-01T12:00:00Z')
  const gateway = await testGateway({ now: () => now })
  const key = await gateway.issueKey({ level: 2 })
  expect((await gateway.post(USE, key)).data).toEqual({
    apiKeys: { nodes: [{ calls: 0, lastUsedAt: null }] },
    me: { keyCalls: 0, sessionCalls: 0, lastSeenAt: null },
  })
  await gateway.post('{ version }', key)
  await gateway.post('{ version }')
  await gateway.meter.ship()
  const { data } = await gateway.post(USE, key)
  const moment = '2026-02-01T12:00:00+00:00'
  expect(data).toEqual({
    apiKeys: { nodes: [{ calls: 2, lastUsedAt: moment }] },
    me: { keyCalls: 2, sessionCalls: 0, lastSeenAt: moment },
  })
})

test('use is seen within two seconds of its answer, while the gateway ships by itself', async () => {
  const gateway = await testGateway()
  const accountId = await gateway.account()
  const key = await gateway.issueKey({ accountId, level: 2 })
  const { token } = await insertSession(gateway, { account_id: accountId })
  const seen = async () =>
    (await gateway.post('{ apiKeys { nodes { calls lastUsedAt } } }', token)).data
  const nothing = { apiKeys: { nodes: [{ calls: 0, lastUsedAt: null }] } }
  expect(await seen()).toEqual(nothing)
  whenDone(startShipping(gateway.meter, (error) => expect.unreachable(String(error))))
  for (let n = 0; n < 3; n += 1) expect((await gateway.post(ME, key)).status).toBe(200)
  const used = { calls: 3, lastUsedAt: expect.any(String) }
  await expect.poll(seen, { timeout: 2000 }).toEqual({ apiKeys: { nodes: [used] } })
})

/** A request of a key, by what is unusual about it. */
interface Unusual {
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly policies?: Policies
}

const AS_BODY = (query: string, rest: object = {}) => JSON.stringify({ query, ...rest })

/** How often the key of such a request is counted, and what it is answered. */
async function countedFor({ body = AS_BODY(ME), headers = {}, policies }: Unusual) {
  const gateway: TestGateway = await testGateway(policies === undefined ? {} : { policies })
  const accountId = await gateway.account()
  const secret = await gateway.issueKey({ accountId, level: 1 })
  const { rows } = await gateway.database.pool.query('select id from api_key')
  const answer = await gateway.send({
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      authorization: `Bearer ${secret}`,
      ...headers,
    },
    body,
  })
  await gateway.meter.ship()
  const { calls, key_calls: ofAccount } = await usesOf(gateway, { keyId: rows[0].id })
  expect(ofAccount).toBe(calls)
  const { errors, extensions } = JSON.parse(answer.body)
  return [errors?.[0].extensions.code ?? extensions.cost.verdict ?? 'OK', calls]
}

const NO_BURST = policiesWith({ ...AMPLE_ROWS, burst: { capacity: 1, restorePerSecond: 1e-9 } })

test.each<[string, Unusual]>([
  ['OK', {}],
  ['RUN', { headers: { 'graphql-cost': 'validate' } }],
  ['DOCUMENT_INVALID', { body: AS_BODY('{ nothing }') }],
  ['DOCUMENT_INVALID', { body: AS_BODY('{') }],
  ['OPERATION_UNKNOWN', { body: AS_BODY(ME, { operationName: 'Other' }) }],
  ['VARIABLE_INVALID', { body: AS_BODY('query ($id: ID!) { node(id: $id) { id } }') }],
  ['LEVEL_TOO_LOW', { body: AS_BODY('{ apiKeys { totalCount } }') }],
  ['COST_LIMIT_EXCEEDED', { policies: NO_BURST }],
])('an operation that is answered with %s is a use', async (code, unusual) => {
  expect(await countedFor(unusual)).toEqual([code, 1])
})

test.each<[string, Unusual]>([
  ['NOT_ACCEPTABLE', { headers: { accept: 'text/css' } }],
  ['BAD_REQUEST', { body: '{' }],
  ['BAD_REQUEST', { headers: { 'graphql-cost': 'everything' } }],
  ['BAD_REQUEST', { headers: { 'idempotency-key': 'x'.repeat(201) } }],
  ['MEDIA_TYPE_UNSUPPORTED', { headers: { 'content-type': 'text/plain' } }],
])('a request that is answered with %s was no operation yet', async (code, unusual) => {
  expect(await countedFor(unusual)).toEqual([code, 0])
})

test('asking for a price that no budget pays is a use, and lacking attempts is none', async () => {
  const policies = policiesWith({
    ...AMPLE_ROWS,
    burst: { capacity: 1, restorePerSecond: 1e-9 },
    attempts: { capacity: 3, restorePerSecond: 1e-9 },
  })
  const gateway = await testGateway({ policies })
  const { keyId, secret } = await usedKey(gateway)
  const ask = async () => {
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${secret}`,
      'graphql-cost': 'validate',
    }
    const { body } = await gateway.send({ method: 'POST', headers, body: AS_BODY('{ version }') })
    return JSON.parse(body).errors?.[0].message ?? 'OK'
  }
  const answers: string[] = []
  for (let n = 0; n < 8; n += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    answers.push(await ask())
  }
  await gateway.meter.ship()
  const withoutAttempts = answers.filter((answer) => answer === answers.at(-1)).length
  expect(new Set(answers).size).toBe(3)
  expect(await usesOf(gateway, { keyId })).toMatchObject({ calls: 8 - withoutAttempts })
})
