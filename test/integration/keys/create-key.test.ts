import { expect, test } from 'vitest'

import { testGateway } from '../../support/gateway.ts'
import { sessionOf } from '../../support/session-principal.ts'

const CREATE = `mutation ($input: CreateApiKeyInput!) {
  createApiKey(input: $input) {
    __typename
    ... on CreateApiKeyPayload { secret apiKey { id name level state expiresAt networks origins calls } }
    ... on Problem { code message }
  }
}`

async function ask(
  gateway: Awaited<ReturnType<typeof testGateway>>,
  accountId: string,
  query: string,
  variables: object,
) {
  const answered = await gateway.gateway.answer({
    method: 'POST',
    parameters: { query, variables: { ...variables }, operationName: null, extensions: null },
    principal: sessionOf(accountId),
    address: '192.0.2.1',
    costMode: 'totals',
    mediaType: 'application/graphql-response+json',
    requestId: 'test',
  })
  return { status: answered.status, ...JSON.parse(answered.body) }
}

test('a key is made with its name, level and expiry, and its secret opens what it may', async () => {
  const gateway = await testGateway()
  const accountId = await gateway.account()
  const input = { name: 'sync', level: 0, networks: ['127.0.0.0/8'], origins: [] }
  const made = await ask(gateway, accountId, CREATE, { input })
  expect(made).toMatchObject({
    status: 200,
    data: {
      createApiKey: {
        __typename: 'CreateApiKeyPayload',
        secret: expect.stringMatching(/^maat_sk_[0-9A-Za-z]{38}$/),
        apiKey: {
          name: 'sync',
          level: 0,
          state: 'ACTIVE',
          networks: ['127.0.0.0/8'],
          origins: [],
          calls: 0,
        },
      },
    },
    extensions: { cost: { estimated: 15, actual: 15 } },
  })
  const { secret } = made.data.createApiKey
  expect((await gateway.post('{ me { id } }', secret)).data).toMatchObject({
    me: { id: expect.stringMatching(/^acc_/) },
  })
})

test('everything that is wrong with a key is told at once, and nothing is stored', async () => {
  const gateway = await testGateway()
  const accountId = await gateway.account()
  const input = { name: ' ', level: 5, expiresAt: '2020-01-01T00:00:00Z', networks: ['10'] }
  const refused = await ask(gateway, accountId, CREATE, { input })
  expect(refused.status).toBe(422)
  expect(refused.errors[0].extensions.problems.map(({ path }: { path: string }) => path)).toEqual([
    'createApiKey.input.name',
    'createApiKey.input.level',
    'createApiKey.input.expiresAt',
    'createApiKey.input.networks.0',
  ])
  const { rows } = await gateway.database.pool.query('select count(*)::int as keys from api_key')
  expect(rows).toEqual([{ keys: 0 }])
})
