import { describe, expect, test } from 'vitest'

import type { Principal } from '../../../src/auth/principal.ts'
import { ask, outbox } from '../../support/act-client.ts'
import { testGateway, type TestGateway } from '../../support/gateway.ts'
import { sessionOf } from '../../support/session-principal.ts'

const KEY = 'id name level state expiresAt networks origins revocationReason replacedBy { id }'
const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  ... on CreateApiKeyPayload { secret apiKey { ${KEY} } } ... on Problem { code } } }`
const ROTATE = `mutation ($input: RotateApiKeyInput!) { rotateApiKey(input: $input) {
  ... on RotateApiKeyPayload { secret apiKey { ${KEY} } replaced { ${KEY} } } ... on Problem { code } } }`
const REVOKE = `mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) {
  ... on RevokeApiKeyPayload { id revokedAt apiKey { ${KEY} } } ... on Problem { code } } }`
const UPDATE = `mutation ($input: UpdateApiKeyInput!) { updateApiKey(input: $input) {
  ... on UpdateApiKeyPayload { apiKey { ${KEY} } } ... on Problem { code } } }`
const REPORT = 'mutation ($key: String!) { reportLeakedKey(key: $key) { revoked } }'

// The state of a key is told by the clock of the database: this one starts with it.
const START = new Date()
const DAY = 86_400_000

/** A signed-in person, and a clock that stands until it is moved. */
async function person() {
  let now = START
  const gateway = await testGateway({ now: () => now })
  const accountId = await gateway.account({ username: 'ada' })
  const principal = sessionOf(accountId)
  return {
    gateway,
    accountId,
    principal,
    moveBy: (ms: number) => {
      now = new Date(now.getTime() + ms)
    },
    act: (document: string, variables: object, idempotencyKey: string | null = null) =>
      ask(gateway, document, { principal, variables, caller: { idempotencyKey } }),
  }
}

async function made(act: Awaited<ReturnType<typeof person>>['act'], input: object = {}) {
  const { data } = await act(CREATE, { input: { name: 'sync', level: 3, ...input } })
  return data['createApiKey'] as { secret: string; apiKey: { id: string; expiresAt: string } }
}

async function works(gateway: TestGateway, key: string): Promise<number> {
  return (await gateway.post('{ me { id } }', key)).status
}

describe('rotating a key', () => {
  test('leaves both working until the grace period ends', async () => {
    const { gateway, act, moveBy } = await person()
    const old = await made(act, { networks: ['127.0.0.1'] })
    const { data } = await act(ROTATE, { input: { id: old.apiKey.id, graceSeconds: 60 } })
    const { secret, apiKey, replaced } = data['rotateApiKey']
    expect(apiKey).toMatchObject({
      name: 'sync',
      level: 3,
      state: 'ACTIVE',
      networks: ['127.0.0.1'],
    })
    expect(new Date(apiKey.expiresAt)).toEqual(new Date(START.getTime() + 30 * DAY))
    expect(replaced).toMatchObject({ id: old.apiKey.id, replacedBy: { id: apiKey.id } })
    expect(new Date(replaced.expiresAt)).toEqual(new Date(START.getTime() + 60_000))
    expect(await works(gateway, old.secret)).toBe(200)
    expect(await works(gateway, secret)).toBe(200)
    moveBy(60_000)
    const expired = await gateway.post('{ me { id } }', old.secret)
    expect(expired).toMatchObject({ status: 401, codes: ['KEY_EXPIRED'] })
    expect(await works(gateway, secret)).toBe(200)
  })

  test('keeps the limits of the key', async () => {
    const { gateway, act } = await person()
    const { apiKey } = await made(act)
    await act(UPDATE, { input: { id: apiKey.id, dayPoints: 1000 } })
    await act(ROTATE, { input: { id: apiKey.id } })
    const { rows } = await gateway.database.pool.query(
      'select partition, capacity from quota_limit order by created_at',
    )
    expect(rows).toEqual([
      { partition: 'day', capacity: 1000 },
      { partition: 'day', capacity: 1000 },
    ])
  })

  test('twice, or one that has ended, is no rotation', async () => {
    const { act } = await person()
    const { apiKey } = await made(act)
    const input = { id: apiKey.id }
    await act(ROTATE, { input })
    expect((await act(ROTATE, { input })).data['rotateApiKey']).toEqual({ code: 'KEY_NOT_LIVE' })
    const other = await made(act)
    await act(REVOKE, { input: { id: other.apiKey.id } })
    const revoked = await act(ROTATE, { input: { id: other.apiKey.id } })
    expect(revoked.data['rotateApiKey']).toEqual({ code: 'KEY_NOT_LIVE' })
  })

  test('is refused where the role no longer gives the level; all else is told with it, and nothing changes', async () => {
    const { gateway, accountId, act } = await person()
    const { apiKey } = await made(act)
    await gateway.database.kysely.updateTable('api_key').set({ level: 8 }).execute()
    const input = { id: apiKey.id, graceSeconds: -1, expiresAt: START.toISOString() }
    const refused = await act(ROTATE, { input })
    expect(refused).toMatchObject({
      status: 422,
      problems: [
        {
          code: 'INPUT_INVALID',
          path: 'rotateApiKey.input.id',
          found: apiKey.id,
          message: expect.stringContaining('up to 4'),
        },
        { path: 'rotateApiKey.input.graceSeconds', found: -1 },
        { path: 'rotateApiKey.input.expiresAt', found: START.toISOString() },
      ],
    })
    const keys = await gateway.database.kysely
      .selectFrom('api_key')
      .select(['replaced_by_id'])
      .where('account_id', '=', accountId)
      .execute()
    expect(keys).toEqual([{ replaced_by_id: null }])
  })
})

describe('an Idempotency-Key', () => {
  test('makes one key of two requests, and tells its secret once', async () => {
    const { gateway, act } = await person()
    const input = { name: 'sync', level: 1 }
    const first = (await act(CREATE, { input }, 'once')).data['createApiKey']
    const second = (await act(CREATE, { input }, 'once')).data['createApiKey']
    expect(first.secret).toMatch(/^maat_sk_/)
    expect(second).toEqual({ ...first, secret: null })
    expect(await works(gateway, first.secret)).toBe(200)
    const rotated = { id: first.apiKey.id }
    const once = (await act(ROTATE, { input: rotated }, 'turn')).data['rotateApiKey']
    const again = (await act(ROTATE, { input: rotated }, 'turn')).data['rotateApiKey']
    expect(again).toEqual({ ...once, secret: null })
  })

  test('at the same moment too', async () => {
    const { gateway, act } = await person()
    const input = { name: 'sync', level: 1 }
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => act(CREATE, { input }, 'once')),
    )
    const secrets = answers.map(({ data }) => data['createApiKey'].secret)
    expect(secrets.filter((secret) => secret !== null)).toHaveLength(1)
    const { rows } = await gateway.database.pool.query('select from api_key')
    expect(rows).toHaveLength(1)
  })

  test('for another input is refused; after a day it is free again', async () => {
    const { act, moveBy } = await person()
    await act(CREATE, { input: { name: 'a', level: 1 } }, 'once')
    const other = await act(CREATE, { input: { name: 'b', level: 1 } }, 'once')
    expect(other).toMatchObject({ status: 422, codes: ['INPUT_INVALID'] })
    moveBy(DAY)
    const later = await act(CREATE, { input: { name: 'b', level: 1 } }, 'once')
    expect(later.data['createApiKey'].secret).toMatch(/^maat_sk_/)
  })

  test('holds nothing of the secret in the database', async () => {
    const { gateway, act } = await person()
    const { secret } = (await act(CREATE, { input: { name: 'a', level: 1 } }, 'once')).data[
      'createApiKey'
    ]
    const [row] = await gateway.database.kysely
      .selectFrom('idempotent_act')
      .select(['id', 'account_id', 'label'])
      .execute()
    const place = `idempotent_act/label/${row?.id}/${row?.account_id}`
    const outcome = gateway.vault.open(row?.label ?? '', place)
    expect(outcome).toContain('CreateApiKeyPayload')
    expect(outcome).not.toContain(secret)
    expect(outcome).not.toContain('secret')
  })
})

describe('revoking a key', () => {
  test('ends it with its very next request, once and for good', async () => {
    const { gateway, act, moveBy } = await person()
    const { secret, apiKey } = await made(act)
    expect(await works(gateway, secret)).toBe(200)
    const input = { id: apiKey.id, reason: 'LEAK' }
    const first = (await act(REVOKE, { input })).data['revokeApiKey']
    expect(first).toMatchObject({
      id: apiKey.id,
      apiKey: { state: 'REVOKED', revocationReason: 'LEAK' },
    })
    expect(await gateway.post('{ me { id } }', secret)).toMatchObject({
      status: 401,
      codes: ['KEY_REVOKED'],
    })
    moveBy(1000)
    const again = (await act(REVOKE, { input: { id: apiKey.id } })).data['revokeApiKey']
    expect(again).toEqual(first)
  })

  test('is for a key itself too, and for no other', async () => {
    const { gateway, accountId, act } = await person()
    const own = await made(act, { level: 0 })
    const other = await made(act)
    const asKey = async (id: string) =>
      gateway.post(
        'mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { ... on RevokeApiKeyPayload { id } ... on Problem { code } } }',
        own.secret,
        { input: { id } },
      )
    expect((await asKey(other.apiKey.id)).data).toEqual({ revokeApiKey: { code: 'NOT_FOUND' } })
    expect((await asKey(own.apiKey.id)).data).toEqual({ revokeApiKey: { id: own.apiKey.id } })
    expect(await works(gateway, own.secret)).toBe(401)
    expect(await works(gateway, other.secret)).toBe(200)
    expect(accountId).toBeTypeOf('string')
  })

  test.each(['foreign', 'missing', 'malformed', 'of another kind'] as const)(
    'of a %s id finds nothing, for every mutation alike',
    async (kind) => {
      const { gateway, act } = await person()
      const stranger = sessionOf(await gateway.account())
      const foreign = (
        await ask(gateway, CREATE, {
          principal: stranger,
          variables: { input: { name: 'x', level: 1 } },
        })
      ).data['createApiKey'].apiKey.id
      const id = {
        foreign,
        missing: 'key_3PokrR3vVtSvTPcSFJFmTz',
        malformed: 'key_',
        'of another kind': foreign.replace('key_', 'acc_'),
      }[kind]
      const results = [
        (await act(REVOKE, { input: { id } })).data['revokeApiKey'],
        (await act(ROTATE, { input: { id } })).data['rotateApiKey'],
        (await act(UPDATE, { input: { id, name: 'y' } })).data['updateApiKey'],
      ]
      expect(results).toEqual(results.map(() => ({ code: 'NOT_FOUND' })))
    },
  )
})

describe('changing a key', () => {
  test('renames it, and makes it weaker', async () => {
    const { act } = await person()
    const { apiKey } = await made(act)
    const expiresAt = new Date(START.getTime() + DAY).toISOString()
    const input = {
      id: apiKey.id,
      name: ' new ',
      level: 1,
      expiresAt,
      origins: ['https://a.example'],
    }
    const { data } = await act(UPDATE, { input })
    expect(data['updateApiKey'].apiKey).toMatchObject({
      name: 'new',
      level: 1,
      origins: ['https://a.example'],
    })
    expect(new Date(data['updateApiKey'].apiKey.expiresAt)).toEqual(new Date(expiresAt))
  })

  test('never makes it stronger: every attempt is told, and nothing changes', async () => {
    const { gateway, act } = await person()
    const { apiKey } = await made(act)
    const expiresAt = new Date(START.getTime() + 31 * DAY).toISOString()
    const refused = await act(UPDATE, {
      input: { id: apiKey.id, name: '', level: 4, expiresAt },
    })
    expect(refused.status).toBe(422)
    expect(refused.problems).toMatchObject([
      { path: 'updateApiKey.input.name', found: '' },
      { path: 'updateApiKey.input.level', found: 4 },
      { path: 'updateApiKey.input.expiresAt', found: expiresAt },
    ])
    const { rows } = await gateway.database.pool.query('select level, version from api_key')
    expect(rows).toEqual([{ level: 3, version: 1 }])
  })

  test('names everything that is wrong with its form, though there is no such key', async () => {
    const { act } = await person()
    const input = {
      id: 'key_x',
      name: '',
      networks: ['10.0.0.0/33', '10', '::1'],
      origins: ['https://a.example/path'],
      dayPoints: 0,
      burst: { points: 10, restorePerSecond: 0 },
    }
    const { problems } = await act(UPDATE, { input })
    expect(problems.map(({ path }) => path.replace('updateApiKey.input.', ''))).toEqual([
      'name',
      'networks.0',
      'networks.1',
      'origins.0',
      'dayPoints',
      'burst.restorePerSecond',
    ])
  })

  test('sets limits of its own, and takes them away', async () => {
    const { gateway, act } = await person()
    const { apiKey } = await made(act)
    const limits = async () =>
      (
        await gateway.database.pool.query(
          'select partition, capacity, restore_per_second from quota_limit order by 1',
        )
      ).rows
    const burst = { points: 50, restorePerSecond: 0.5 }
    await act(UPDATE, { input: { id: apiKey.id, dayPoints: 1000, burst } })
    expect(await limits()).toEqual([
      { partition: 'burst', capacity: 50, restore_per_second: 0.5 },
      { partition: 'day', capacity: 1000, restore_per_second: null },
    ])
    await act(UPDATE, { input: { id: apiKey.id, dayPoints: null } })
    expect(await limits()).toHaveLength(1)
  })
})

describe('a leaked key', () => {
  test('is revoked by whoever reports it, and its owner is told', async () => {
    const { gateway, act } = await person()
    const { secret, apiKey } = await made(act)
    const reported = await ask(gateway, REPORT, { variables: { key: secret } })
    expect(reported.data).toEqual({ reportLeakedKey: { revoked: true } })
    expect(await works(gateway, secret)).toBe(401)
    const mails = await outbox(gateway)
    const mail = mails.find(({ subject }) => subject === 'An API key was found in a public place')
    expect(mail?.to).toBe('ada@example.test')
    expect(mail?.text).toContain(apiKey.id)
    expect(mail?.text).not.toContain(secret)
  })

  test('that is none of ours, or not whole, revokes nothing', async () => {
    const { gateway, act } = await person()
    const { secret } = await made(act)
    const unknown = await ask(gateway, REPORT, {
      variables: { key: 'maat_sk_0000000000000000000000000000000040Oowu' },
    })
    const broken = await ask(gateway, REPORT, { variables: { key: secret.slice(0, -1) } })
    expect([unknown.status, broken.status].includes(422)).toBe(true)
    expect(broken).toMatchObject({ status: 422, problems: [{ path: 'reportLeakedKey.key' }] })
    expect(JSON.stringify(broken)).not.toContain(secret.slice(8, 40))
    expect(await works(gateway, secret)).toBe(200)
  })
})

test('an account has at most 50 keys made within an hour', async () => {
  const { act, moveBy } = await person()
  const codes: unknown[] = []
  for (let n = 0; n < 55; n += 1) {
    const { data } = await act(CREATE, { input: { name: `k${n}`, level: 0 } })
    if (data['createApiKey'].code !== undefined) codes.push(data['createApiKey'].code)
  }
  expect(codes).toEqual(Array.from({ length: 5 }, () => 'TOO_MANY_KEYS'))
  moveBy(3_600_001)
  expect((await made(act)).secret).toMatch(/^maat_sk_/)
})

test.each([
  ['a key', { kind: 'key' }],
  ['a session of a blocked account', { status: 'disabled' }],
] as const)('%s makes none', async (_who, standing) => {
  const gateway = await testGateway()
  const accountId = await gateway.account()
  const principal: Principal = sessionOf(accountId, { ...standing })
  const refused = await ask(gateway, CREATE, {
    principal,
    variables: { input: { name: 'x', level: 0 } },
  })
  expect(refused.status).toBe(403)
})

test('an account has at most 500 live keys', async () => {
  const { gateway, accountId, act } = await person()
  await gateway.database.pool.query(
    `insert into api_key (id, account_id, label, level, digest, pepper_id, expires_at, created_at, updated_at)
     select gen_random_uuid(), $1, '', 0, decode(md5(n::text), 'hex'), '', now() + interval '1 day', now() - interval '1 day', now()
     from generate_series(1, 500) n`,
    [accountId],
  )
  const input = { name: 'one more', level: 0 }
  expect((await act(CREATE, { input })).data['createApiKey']).toEqual({ code: 'TOO_MANY_KEYS' })
  await gateway.database.pool.query(
    "update api_key set revoked_at = now(), revocation_reason = 'owner' where digest = decode(md5('1'), 'hex')",
  )
  expect((await act(CREATE, { input })).data['createApiKey'].secret).toMatch(/^maat_sk_/)
})
