import { describe, expect, test } from 'vitest'
import { v7 } from 'uuid'
import { parse } from 'yaml'

import { formatId } from '../../../src/ids.ts'
import { measuredBits } from '../../../src/measurements/definitions.ts'
import { sealRow } from '../../../src/vault/seal-row.ts'

import { ask } from '../../support/act-client.ts'
import { testGateway, type TestGateway } from '../../support/gateway.ts'
import { AMPLE_ROWS, policiesWith } from '../../support/policies.ts'
import { sessionOf } from '../../support/session-principal.ts'

const CREATE = `mutation ($input: CreateMeasurementSetInput!) {
  createMeasurementSet(input: $input) { ... on MeasurementSetPayload { measurementSet { id version } } } }`
const PUBLISH = `mutation ($input: PublishMeasurementSetInput!) {
  publishMeasurementSet(input: $input) { __typename } }`
const UPDATE = `mutation ($input: UpdateMeasurementSetInput!) {
  updateMeasurementSet(input: $input) { __typename } }`

async function owner(gateway: TestGateway, username = 'ada') {
  const accountId = await gateway.account({ username })
  const act = (document: string, input: object) =>
    ask(gateway, document, { principal: sessionOf(accountId), variables: { input } })
  const set = async (input: object = {}): Promise<string> => {
    const { data } = await act(CREATE, {
      name: 'Ada',
      notes: 'thin',
      unit: 'CM',
      measurements: { chest: 92, shoulderSlope: 13 },
      ...input,
    })
    return data['createMeasurementSet'].measurementSet.id
  }
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const { status, headers: fields, body } = await gateway.send({ method: 'GET', path, headers })
    return { status, fields, body }
  }
  return { accountId, act, set, get, key: await gateway.issueKey({ accountId, level: 1 }) }
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

describe('a public set', () => {
  test('is had by everybody, as JSON, YAML and CSV', async () => {
    const gateway = await testGateway()
    const ada = await owner(gateway)
    const id = await ada.set()
    await ada.act(PUBLISH, { id })
    const json = await ada.get(`/measurement-sets/${id}.json`)
    expect(json).toMatchObject({
      status: 200,
      fields: {
        'content-type': 'application/json; charset=utf-8',
        etag: expect.stringMatching(/^"[\w-]{27}"$/),
        'last-modified': expect.stringMatching(/GMT$/),
        ratelimit: expect.stringContaining('anonymous'),
      },
    })
    expect(JSON.parse(json.body)).toMatchObject({
      author: 'ada',
      type: 'measurementsSet',
      id,
      name: 'Ada',
      notes: 'thin',
      units: 'metric',
      measurements: { chest: 920, shoulderSlope: 13 },
    })
    const yaml = await ada.get(`/measurement-sets/${id}.yaml`)
    expect(parse(yaml.body)).toEqual(JSON.parse(json.body))
    const csv = await ada.get(`/measurement-sets/${id}.csv?unit=INCH`)
    expect(csv.body).toBe('chest,shoulderSlope\r\n36.22047244,13\r\n')
  })

  test('that is based on another has a new tag and date when that one changes', async () => {
    let now = new Date()
    const gateway = await testGateway({ now: () => now })
    const ada = await owner(gateway)
    const baseSet = await ada.set()
    const id = await ada.set({ baseSet, measurements: { waist: 70 } })
    await ada.act(PUBLISH, { id })
    const path = `/measurement-sets/${id}.json`
    const before = (await ada.get(path)).fields
    now = new Date(now.getTime() + 5000)
    await ada.act(UPDATE, { id: baseSet, version: 1, unit: 'CM', measurements: { chest: 93 } })
    const after = await ada.get(path, { 'if-modified-since': before['last-modified'] ?? '' })
    expect(after.status).toBe(200)
    expect(after.fields.etag).not.toBe(before.etag)
    expect(JSON.parse(after.body).measurements).toMatchObject({ chest: 930, waist: 700 })
  })
})

describe('a private set', () => {
  test('is had with a key of its owner, and is not there for anybody else', async () => {
    const gateway = await testGateway()
    const [ada, ben] = [await owner(gateway), await owner(gateway, 'ben')]
    const path = `/measurement-sets/${await ada.set()}.json`
    const missing = `/measurement-sets/set_${'1'.repeat(21)}.json`
    expect((await ada.get(path, bearer(ada.key))).status).toBe(200)
    for (const headers of [{}, bearer(ben.key)]) {
      const refused = await ada.get(path, headers)
      expect(refused.status).toBe(404)
      expect(refused.body).toBe((await ada.get(missing, headers)).body)
      expect(JSON.parse(refused.body).errors[0].extensions.code).toBe('NOT_FOUND')
    }
  })

  test('needs a key that is good', async () => {
    const gateway = await testGateway()
    const ada = await owner(gateway)
    const path = `/measurement-sets/${await ada.set()}.json`
    expect((await ada.get(path, bearer(`${ada.key.slice(0, -1)}x`))).status).toBe(401)
  })
})

describe('a file that the client has already', () => {
  test.each([
    ['by its tag', ({ etag = '' }) => ({ 'if-none-match': `"other", W/${etag}` })],
    ['by its date', (fields) => ({ 'if-modified-since': fields['last-modified'] ?? '' })],
  ] as [string, (fields: Record<string, string>) => Record<string, string>][])(
    'is not sent again, %s, and costs one point',
    async (_, headers) => {
      const gateway = await testGateway()
      const ada = await owner(gateway)
      const path = `/measurement-sets/${await ada.set()}.json`
      const first = await ada.get(path, bearer(ada.key))
      const again = await ada.get(path, {
        ...bearer(ada.key),
        ...headers(first.fields as Record<string, string>),
      })
      expect(again).toMatchObject({ status: 304, body: '', fields: { etag: first.fields.etag } })
      expect(again.fields['content-type']).toBeUndefined()
      expect(pointsLeft(first.fields) - pointsLeft(again.fields)).toBe(1)
    },
  )
})

test.each([
  ['/measurement-sets/set_x.xml', 404],
  ['/measurement-sets/set_x', 404],
  ['/measurement-sets/../graphql.json', 404],
  ['/patterns/pat_x.csv', 404],
  ['/measurement-sets/set_x.csv?unit=MILE', 400],
  ['/measurement-sets/set_x.json?unit=CM', 400],
])('%s is refused with %i', async (path, status) => {
  const gateway = await testGateway()
  const answer = await gateway.send({ method: 'GET', path })
  expect(answer.status).toBe(status)
})

describe('other files', () => {
  test('of curated sets are had as soon as they are published', async () => {
    const gateway = await testGateway()
    const { kysely } = gateway.database
    const ids = [v7(), v7()] as const
    const at = new Date('2026-01-01T00:00:00Z')
    await kysely
      .insertInto('curated_set')
      .values(
        ids.map((id, i) => ({
          id,
          names: JSON.stringify({ en: 'Size 34' }),
          measurements: JSON.stringify({ chest: 830 }),
          measured: measuredBits({ chest: 830 }).toString(),
          publication: i === 0 ? ('published' as const) : ('draft' as const),
          created_at: at,
          updated_at: at,
        })),
      )
      .execute()
    const answers = await Promise.all(
      ids.map((id) =>
        gateway.send({ method: 'GET', path: `/curated-sets/${formatId('cur', id)}.csv` }),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 404])
    expect(answers[0]?.body).toBe('chest\r\n830\r\n')
  })

  test('of patterns hold their settings', async () => {
    const gateway = await testGateway()
    const ada = await owner(gateway)
    const id = v7()
    const at = new Date('2026-01-01T00:00:00Z')
    const settings = { sa: 10, measurements: { chest: 920 } }
    await gateway.database.kysely
      .insertInto('pattern')
      .values({
        id,
        account_id: ada.accountId,
        design: 'aaron',
        ...sealRow(
          gateway.vault,
          'pattern',
          { row: id, owner: ada.accountId },
          { name: 'Shirt', settings },
        ),
        created_at: at,
        updated_at: at,
      })
      .execute()
    const path = `/patterns/${formatId('pat', id)}.yaml`
    const { status, body } = await ada.get(path, bearer(ada.key))
    expect({ status, ...parse(body) }).toMatchObject({
      status: 200,
      type: 'pattern',
      design: 'aaron',
      name: 'Shirt',
      settings,
      measurementSet: null,
    })
    expect((await ada.get(path)).status).toBe(404)
  })
})

test('HEAD has the fields and no body', async () => {
  const gateway = await testGateway()
  const ada = await owner(gateway)
  const path = `/measurement-sets/${await ada.set()}.json`
  const whole = await ada.get(path, bearer(ada.key))
  const head = await gateway.send({ method: 'HEAD', path, headers: bearer(ada.key) })
  expect(head).toMatchObject({ status: 200, body: '', headers: { etag: whole.fields.etag } })
})

test('a budget that is spent refuses a file as it refuses its operation', async () => {
  const gateway = await testGateway({
    policies: policiesWith({
      ...AMPLE_ROWS,
      'anonymous-burst': { capacity: 200, restorePerSecond: 0.001 },
      'anonymous-ceiling': 200,
      levels: {},
    }),
  })
  const ada = await owner(gateway)
  const id = await ada.set()
  await ada.act(PUBLISH, { id })
  const path = `/measurement-sets/${id}.json`
  const statuses = new Set<number>()
  for (let i = 0; i < 120; i += 1) statuses.add((await ada.get(path)).status)
  expect([...statuses]).toEqual([200, 429])
})

test('its price is asked for like that of any operation', async () => {
  const gateway = await testGateway()
  const path = '/measurement-sets/set_x.json'
  const { body } = await gateway.send({
    method: 'GET',
    path,
    headers: { 'graphql-cost': 'validate' },
  })
  expect(JSON.parse(body)).toMatchObject({ data: null, extensions: { cost: { verdict: 'RUN' } } })
})

function pointsLeft(fields: Record<string, unknown>): number {
  return Number(/"day";r=(\d+)/.exec(String(fields['ratelimit']))?.[1])
}
