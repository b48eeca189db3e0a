import { expect, test } from 'vitest'

import { UNKNOWN_CALLER } from '../../../src/auth/act.ts'
import { testGateway } from '../../support/gateway.ts'
import { sessionOf } from '../../support/session-principal.ts'

const KEY = 'apiKey { name networks replacedBy { name } }'
const CREATE = `createApiKey(input: { name: "a", level: 1 }) { ... on CreateApiKeyPayload { secret ${KEY} } ... on Problem { code } }`
const MISSING = `revokeApiKey(input: { id: "key_x" }) { ... on RevokeApiKeyPayload { ${KEY} } ... on Problem { code } }`
const TOO_HIGH = 'createApiKey(input: { name: "b", level: 8 }) { __typename }'

async function signedIn() {
  const gateway = await testGateway()
  const principal = sessionOf(await gateway.account())
  const ask = async (query: string, costMode: 'totals' | 'validate' = 'totals') => {
    const answered = await gateway.gateway.answer({
      method: 'POST',
      parameters: { query, variables: null, operationName: null, extensions: null },
      principal,
      address: '192.0.2.1',
      caller: UNKNOWN_CALLER,
      costMode,
      mediaType: 'application/graphql-response+json',
      requestId: 'test',
    })
    const { data, errors, extensions } = JSON.parse(answered.body)
    return { status: answered.status, data, errors, cost: extensions.cost }
  }
  const keys = async () => (await gateway.database.pool.query('select from api_key')).rows.length
  return { ask, keys, gateway }
}

test('a mutation is charged for what its answer holds', async () => {
  const { ask } = await signedIn()
  const { cost } = await ask(`mutation { ${CREATE} }`)
  // Nobody has replaced the key: that object is not there, and goes back.
  expect(cost).toMatchObject({ estimated: 16, actual: 15, refunded: 1 })
})

test('a mutation that comes to a problem is charged for itself alone', async () => {
  const { ask } = await signedIn()
  const { data, cost } = await ask(`mutation { ${MISSING} }`)
  expect(data).toEqual({ revokeApiKey: { code: 'NOT_FOUND' } })
  expect(cost).toMatchObject({ actual: 11 })
  expect(cost.refunded).toBe(cost.estimated - 11)
})

test('several acts happen in their order, each with its own answer', async () => {
  const { ask, keys } = await signedIn()
  const { data, cost } = await ask(
    `mutation { one: ${CREATE} none: ${MISSING} two: ${CREATE} __typename }`,
  )
  expect(Object.keys(data)).toEqual(['one', 'none', 'two', '__typename'])
  expect(data).toMatchObject({ one: { apiKey: { name: 'a' } }, none: { code: 'NOT_FOUND' } })
  expect(await keys()).toBe(2)
  expect(cost.actual).toBeLessThanOrEqual(cost.estimated)
})

test('one that is refused while it runs names those that had happened, and pays its price', async () => {
  const { ask, keys } = await signedIn()
  const made = await ask(
    `mutation { createApiKey(input: { name: "a", level: 1 }) { ... on CreateApiKeyPayload { apiKey { id } } } }`,
  )
  const { id } = made.data.createApiKey.apiKey
  const to = (level: number) =>
    `updateApiKey(input: { id: "${id}", level: ${level} }) { __typename }`
  const { status, data, errors, cost } = await ask(
    `mutation { one: ${to(0)} two: ${to(1)} three: ${CREATE} }`,
  )
  expect({ status, data }).toEqual({ status: 422, data: undefined })
  expect(errors).toMatchObject([
    {
      extensions: {
        code: 'INPUT_INVALID',
        done: ['one'],
        problems: [{ path: 'two.input.level', code: 'INPUT_INVALID', found: 1 }],
      },
    },
  ])
  expect(await keys()).toBe(1)
  expect(cost.actual).toBe(cost.estimated)
})

test('what the database says against the input of any stops all of them before anything happens, for a point each', async () => {
  const { ask, keys } = await signedIn()
  const WRONG = `updateApiKey(input: { id: "key_x", networks: ["x"] }) { __typename }`
  const { status, errors, cost } = await ask(
    `mutation { one: ${CREATE} two: ${WRONG} three: ${TOO_HIGH} }`,
  )
  expect(status).toBe(422)
  expect(errors[0].extensions.done).toBeUndefined()
  expect(errors[0].extensions.problems).toMatchObject([
    { path: 'two.input.networks.0', found: 'x' },
    { path: 'three.input.level', found: 8 },
  ])
  expect(await keys()).toBe(0)
  expect(cost.actual).toBe(3)
})

test('input that is wrong in its form stops all of it before anything happens, and costs nothing', async () => {
  const { ask, keys } = await signedIn()
  const WRONG = 'updateAccount(input: { image: "http://example.org" }) { __typename }'
  const { status, errors, cost } = await ask(`mutation { one: ${CREATE} two: ${WRONG} }`)
  expect(status).toBe(422)
  expect(errors[0].extensions.problems).toMatchObject([
    { path: 'two.input.image', found: 'http://example.org' },
  ])
  expect(await keys()).toBe(0)
  expect(cost.actual).toBe(0)
})

test('to be told its price changes nothing', async () => {
  const { ask, keys } = await signedIn()
  const { data, cost } = await ask(`mutation { ${CREATE} }`, 'validate')
  expect(data).toBeNull()
  expect(cost).toMatchObject({ estimated: 16, verdict: 'RUN' })
  expect(await keys()).toBe(0)
})
