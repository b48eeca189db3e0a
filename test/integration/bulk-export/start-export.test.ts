import { describe, expect, test } from 'vitest'
import { bulkDesk, QUERY } from '../../support/bulk-exports.ts'
import { AMPLE_ROWS, policiesWith } from '../../support/policies.ts'

const START = `mutation ($query: String!) {
  startBulkExport(input: { query: $query }) { __typename ... on StartBulkExportPayload { bulkExport { id } } } }`

test.each([
  ['no GraphQL', '{', 'Syntax Error'],
  ['no query', 'mutation { signOut { __typename } }', 'A mutation is no query.'],
  ['another list', '{ patterns { nodes { id } } }', 'measurementSets or allMeasurementSets'],
  ['two fields', '{ measurementSets { nodes { id } } version }', 'one field'],
  ['an alias', '{ a: measurementSets { nodes { id } } }', 'one field'],
  ['pages of its own', '{ measurementSets(first: 5) { nodes { id } } }', 'is given first'],
  ['an order', '{ measurementSets(orderBy: UPDATED_AT) { nodes { id } } }', 'is given orderBy'],
  ['edges', '{ measurementSets { edges { node { id } } } }', 'nodes alone'],
  ['variables', 'query ($a: Int) { measurementSets { nodes { id } } }', 'variables'],
  [
    'a fragment',
    '{ measurementSets { nodes { ...f } } } fragment f on MeasurementSet { id }',
    'no fragment',
  ],
  ['an unknown field', '{ measurementSets { nodes { nothing } } }', 'nothing'],
  ['long lists in a set', '{ measurementSets { nodes { patterns { nodes { id } } } } }', 'points'],
  ['aliases', '{ measurementSets { nodes { a: notes b: notes } } }', 'own names'],
  ['a long text', `{ measurementSets { nodes { id } } } # ${'x'.repeat(4000)}`, 'characters'],
])('a query with %s is refused, and nothing is stored', async (_what, query, message) => {
  const { gateway, key, seen } = await bulkDesk({ sets: 0 })
  const { codes, body } = await gateway.post(START, key, { query })
  expect(codes).toEqual(['INPUT_INVALID'])
  const [{ extensions }] = JSON.parse(body).errors
  expect(extensions.problems).toContainEqual(
    expect.objectContaining({
      path: 'startBulkExport.input.query',
      message: expect.stringContaining(message),
    }),
  )
  expect(await seen()).toEqual([])
})

test('all that is wrong with a query is told at once', async () => {
  const { gateway, key } = await bulkDesk({ sets: 0 })
  const query = 'subscription ($a: Int) { measurementSets(first: 1) { totalCount } }'
  const { body } = await gateway.post(START, key, { query })
  const [{ extensions }] = JSON.parse(body).errors
  expect(extensions.problems).toHaveLength(4)
})

test('a filter decides which sets an export holds', async () => {
  const desk = await bulkDesk({ sets: 12 })
  await desk.start('{ measurementSets(filter: { nameEquals: "Set 7" }) { nodes { name } } }')
  await desk.round()
  const [done] = await desk.seen()
  expect(await desk.lines(done?.url)).toEqual([{ name: 'Set 7' }])
})

describe('there is one export at a time', () => {
  test('for each account', async () => {
    const desk = await bulkDesk({ sets: 1 })
    const { gateway } = desk
    const other = await gateway.issueKey({ accountId: await gateway.account(), level: 1 })
    expect(await desk.start()).toMatch(/^exp_/)
    expect(await desk.start()).toBe('BULK_EXPORT_RUNNING')
    expect(await desk.start(QUERY, other)).toMatch(/^exp_/)
  })

  test('of several that are asked for at once', async () => {
    const desk = await bulkDesk({ sets: 1 })
    const came = await Promise.all([desk.start(), desk.start(), desk.start()])
    expect(came.filter((each) => each === 'BULK_EXPORT_RUNNING')).toHaveLength(2)
    expect(await desk.seen()).toHaveLength(1)
  })
})

test('the same request under one Idempotency-Key starts one export', async () => {
  const { gateway, key, seen } = await bulkDesk({ sets: 1 })
  const send = () =>
    gateway.send({
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${key}`,
        'idempotency-key': 'once',
      },
      body: JSON.stringify({ query: START, variables: { query: QUERY } }),
    })
  const [first, second] = [await send(), await send()]
  expect(JSON.parse(second.body).data).toEqual(JSON.parse(first.body).data)
  expect(await seen()).toHaveLength(1)
})

test('a key of level 0 is refused, and one whose ceiling is below the price', async () => {
  const burst = { capacity: 10, restorePerSecond: 0.001 }
  const desk = await bulkDesk({
    sets: 1,
    policies: policiesWith({ ...AMPLE_ROWS, burst, ceiling: 10 }),
  })
  const { gateway, accountId, key } = desk
  const low = await gateway.issueKey({ accountId, level: 0 })
  expect((await gateway.post(START, low, { query: QUERY })).codes).toEqual(['LEVEL_TOO_LOW'])
  expect((await gateway.post(START, key, { query: QUERY })).codes).toEqual(['COST_LIMIT_EXCEEDED'])
  const rows = await gateway.database.kysely.selectFrom('bulk_export').selectAll().execute()
  expect(rows).toEqual([])
})

test('what is another’s and what is missing can not be cancelled, and look the same', async () => {
  const desk = await bulkDesk({ sets: 1 })
  const { gateway } = desk
  const other = await gateway.issueKey({ accountId: await gateway.account(), level: 4 })
  const id = await desk.start()
  const cancel = (of: string) =>
    gateway.post(
      `mutation { cancelBulkExport(input: { id: "${of}" }) { ... on Problem { code message } } }`,
      other,
    )
  const [anothers, missing] = [await cancel(id), await cancel(`exp_${'1'.repeat(16)}`)]
  expect(anothers.data).toMatchObject({ cancelBulkExport: { code: 'NOT_FOUND' } })
  expect(anothers.data).toEqual(missing.data)
  expect(await desk.seen()).toMatchObject([{ state: 'WAITING' }])
})
