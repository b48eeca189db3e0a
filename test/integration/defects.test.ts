import { v7 } from 'uuid'
import { describe, expect, test } from 'vitest'
import { formatId } from '../../src/ids.ts'
import { insertBelongings, insertCurated } from '../matrix/belongings.ts'
import { testGateway } from '../support/gateway.ts'
import { insertSession } from '../support/session.ts'

const DAY_MS = 86_400_000
const gateway = await testGateway()
const { post, database } = gateway

async function person(over: Parameters<typeof gateway.account>[0] = {}) {
  const accountId = await gateway.account(over)
  const { token } = await insertSession(gateway, { account_id: accountId })
  return { accountId, token }
}

const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  __typename ... on CreateApiKeyPayload { secret apiKey { id level expiresAt } } } }`

const expiringIn = (ms: number) => ({
  input: { name: 'test', level: 1, expiresAt: new Date(Date.now() + ms).toISOString() },
})

async function keysOf(accountId: string): Promise<number> {
  const { rows } = await database.pool.query('select 1 from api_key where account_id = $1', [
    accountId,
  ])
  return rows.length
}

// Defects that the backend has which this one takes the place of, one by one.
describe('the expiry of a key', () => {
  test('is checked, and not only stored: a key that worked stops when its time is over', async () => {
    let now = new Date('2026-01-01T00:00:00Z')
    const { post: ask, issueKey } = await testGateway({ now: () => now })
    const key = await issueKey({ expiresAt: '2026-01-01T01:00:00Z' })
    expect((await ask('{ me { id } }', key)).status).toBe(200)
    now = new Date('2026-01-01T01:00:00Z')
    expect(await ask('{ me { id } }', key)).toMatchObject({ status: 401, codes: ['KEY_EXPIRED'] })
  })

  test('has a maximum that is enforced', async () => {
    const { accountId, token } = await person()
    const refused = await post(CREATE, token, expiringIn(366 * DAY_MS))
    expect(refused).toMatchObject({ status: 422, codes: ['INPUT_INVALID'] })
    expect(refused.body).toContain('input.expiresAt')
    expect(await keysOf(accountId)).toBe(0)
    const made = await post(CREATE, token, expiringIn(365 * DAY_MS - 60_000))
    expect(made.body).toContain('CreateApiKeyPayload')
  })

  test.each([-1, -DAY_MS, 0, 1000])('never lies %i ms from now', async (ms) => {
    const { accountId, token } = await person()
    const refused = await post(CREATE, token, expiringIn(ms))
    expect(refused).toMatchObject({ status: 422, codes: ['INPUT_INVALID'] })
    expect(await keysOf(accountId)).toBe(0)
  })
})

describe('level 0', () => {
  test('is a level: a key of it is made, and works', async () => {
    const { token } = await person()
    const { data } = await post(CREATE, token, { input: { name: 'zero', level: 0 } })
    expect(data).toMatchObject({ createApiKey: { apiKey: { level: 0 } } })
    const { secret } = (data as { createApiKey: { secret: string } }).createApiKey // the document asks for it
    expect((await post('{ me { id } }', secret)).status).toBe(200)
  })

  test('does not list keys', async () => {
    const key = await gateway.issueKey({ level: 0 })
    for (const document of [
      '{ apiKeys { nodes { id } } }',
      '{ me { apiKeys { nodes { id } } } }',
    ]) {
      expect(await post(document, key)).toMatchObject({ status: 403, codes: ['LEVEL_TOO_LOW'] })
    }
  })

  const OF_PERSONS = {
    'create keys': [CREATE, { input: { name: 'more', level: 4 } }],
    'export the account': ['mutation { exportAccount { url } }', {}],
    'delete the account': ['mutation { deleteAccount { __typename } }', {}],
  } as const

  test.each(Object.entries(OF_PERSONS))(
    'does not %s, and no other level does',
    async (_what, asked) => {
      const [document, variables] = asked
      const accountId = await gateway.account({ role: 'admin' })
      for (const level of [0, 8] as const) {
        const key = await gateway.issueKey({ accountId, level })
        const refused = await post(document, key, variables)
        expect(refused).toMatchObject({ status: 403, codes: ['SESSION_REQUIRED'] })
      }
      expect(await keysOf(accountId)).toBe(2)
      const { rows } = await database.pool.query('select 1 from account where id = $1', [accountId])
      expect(rows).toHaveLength(1)
    },
  )
})

test('a key of level 3, or of any level, changes no password', async () => {
  const accountId = await gateway.account({ role: 'admin' })
  const document = `mutation { changePassword(input: { newPassword: "seventeen crooked spools" }) { __typename } }`
  for (const level of [3, 4, 8] as const) {
    const key = await gateway.issueKey({ accountId, level })
    expect(await post(document, key)).toMatchObject({ status: 403, codes: ['SESSION_REQUIRED'] })
  }
  const { rows } = await database.pool.query('select 1 from credential')
  expect(rows).toEqual([])
})

test('a role that is taken away takes the strength of its keys along, with the next request', async () => {
  const boss = await person({ role: 'admin' })
  const accountId = await gateway.account({ role: 'support' })
  const key = await gateway.issueKey({ accountId, level: 8 })
  expect((await post('{ accounts { totalCount } }', key)).status).toBe(200)
  const input = { account: formatId('acc', accountId), role: 'USER', reason: 'Has left.' }
  const done = await post(
    'mutation ($input: SetRoleInput!) { setRole(input: $input) { ... on SetRolePayload { role } } }',
    boss.token,
    { input },
  )
  expect(done.data).toEqual({ setRole: { role: 'USER' } })
  const refused = await post('{ accounts { totalCount } }', key)
  expect(refused).toMatchObject({ status: 403, codes: ['LEVEL_TOO_LOW'] })
  expect(refused.body).toContain('"levelHeld":4')
})

test('an id that names nothing is answered, and the process goes on', async () => {
  const { token } = await person()
  const ids = [formatId('key', v7()), formatId('set', v7()), 'set_', 'undefined', '', '0', 'null']
  for (const id of ids) {
    const read = await post(
      'query ($id: ID!) { measurementSet(id: $id) { id } node(id: $id) { id } }',
      token,
      { id },
    )
    expect(read).toMatchObject({ status: 200, data: { measurementSet: null, node: null } })
    const write = await post(
      'mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { __typename } }',
      token,
      { id },
    )
    expect(write).toMatchObject({ status: 200, data: { revokeApiKey: { __typename: 'NotFound' } } })
  }
  expect((await post('{ me { id } }', token)).status).toBe(200)
})

test('curated sets are listed once they are published, to curators too', async () => {
  const { published, draft, retired } = await insertCurated(database)
  const curator = await person({ role: 'curator' })
  for (const credential of [undefined, curator.token]) {
    const { body } = await post(
      '{ curatedSets(first: 100) { totalCount nodes { id } } }',
      credential,
    )
    expect(body).toContain(published)
    expect(body).not.toContain(draft)
    expect(body).not.toContain(retired)
  }
})

describe('a field that is not valid is told, and nothing of its request is stored: one', () => {
  const RENAME =
    'mutation ($input: UpdateAccountInput!) { updateAccount(input: $input) { __typename } }'
  const INVALID = {
    'that is not there': [{ control: 3, favouriteColour: 'red' }, 400],
    'of another type': [{ control: 'three' }, 400],
    'out of bounds': [{ control: 6, newsletter: true }, 422],
  } as const

  test.each(Object.entries(INVALID))('%s', async (_what, [input, status]) => {
    const { accountId, token } = await person()
    const refused = await post(RENAME, token, { input })
    expect(refused.status).toBe(status)
    expect(refused.codes).not.toEqual([])
    const { rows } = await database.pool.query(
      'select control, newsletter, version from account where id = $1',
      [accountId],
    )
    expect(rows).toEqual([{ control: 1, newsletter: false, version: 1 }])
  })
})

describe('a clone', () => {
  const CLONE = `mutation ($of: ID!) { cloneMeasurementSet(input: { of: $of }) {
    __typename ... on CloneMeasurementSetPayload { measurementSet { id } } } }`

  test('lands with whoever asked for it, and never in the account that it was taken from', async () => {
    const victim = await person()
    const thief = await person()
    const { publicSet, privateSet } = await insertBelongings(
      database,
      gateway.vault,
      victim.accountId,
    )
    const cloned = await post(CLONE, thief.token, { of: publicSet })
    expect(cloned.body).toContain('CloneMeasurementSetPayload')
    const refused = await post(CLONE, thief.token, { of: privateSet })
    expect(refused.data).toEqual({ cloneMeasurementSet: { __typename: 'NotFound' } })
    const { rows } = await database.pool.query(
      'select account_id as owner, count(*)::int from measurement_set where account_id = any ($1) group by 1 order by 1',
      [[victim.accountId, thief.accountId]],
    )
    expect(rows).toEqual([
      { owner: victim.accountId, count: 2 },
      { owner: thief.accountId, count: 1 },
    ])
  })
})

describe('no field of a measurement set is dropped in silence: one', () => {
  const CREATE_SET =
    'mutation ($input: CreateMeasurementSetInput!) { createMeasurementSet(input: $input) { __typename } }'
  const INVALID = {
    'that is not there': [{ measurments: { chest: 90 } }, 400],
    'that names no measurement': [{ measurements: { chest: 90, chesst: 90 } }, 422],
    'that is no number': [{ measurements: { chest: 90, waist: '70' } }, 422],
    'out of bounds': [{ measurements: { chest: 90, waist: 0 } }, 422],
    'without a unit': [{ unit: null, measurements: { chest: 90 } }, 422],
  } as const

  test.each(Object.entries(INVALID))('%s', async (_what, [input, status]) => {
    const { accountId, token } = await person()
    const refused = await post(CREATE_SET, token, { input: { name: 'x', unit: 'CM', ...input } })
    expect(refused.status).toBe(status)
    expect(refused.codes).not.toEqual([])
    const { rows } = await database.pool.query(
      'select from measurement_set where account_id = $1',
      [accountId],
    )
    expect(rows).toEqual([])
  })
})
