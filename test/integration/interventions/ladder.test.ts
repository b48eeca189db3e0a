import { describe, expect, test } from 'vitest'

import { formatId } from '../../../src/ids.ts'
import { interventionOf, intervening, mailsTo, trailOf } from '../../support/intervening.ts'
import { signedIn } from '../../support/signed-in.ts'

const ME = '{ me { username } }'
const SETS = '{ measurementSets { totalCount } }'
const CREATE_KEY = `mutation { createApiKey(input: { name: "new", level: 1 }) {
  ... on CreateApiKeyPayload { secret } ... on Problem { code }
} }`
const MINE = '{ me { interventions { nodes { id step key reason isInForce until endNote } } } }'
const UNTIL = '2100-01-01T00:00:00.000Z'

describe('a notice', () => {
  test('is told with every answer to the account, refusals included, until it is lifted', async () => {
    const { gateway, intervene, lift, key, token } = await intervening()
    const taken = await intervene({ step: 'NOTICE', until: UNTIL })
    const id = interventionOf(taken)
    const notice = [
      {
        intervention: id,
        of: 'ACCOUNT',
        step: 'NOTICE',
        reason: 'Too much at once.',
        until: UNTIL,
      },
    ]
    for (const credential of [key, token]) {
      for (const document of [ME, '{ nothing }']) {
        // oxlint-disable-next-line no-await-in-loop
        const { body } = await gateway.post(document, credential)
        expect(JSON.parse(body).extensions.notice).toEqual(notice)
      }
    }
    await lift(id)
    expect(JSON.parse((await gateway.post(ME, key)).body).extensions).not.toHaveProperty('notice')
  })

  test('is told to nobody else', async () => {
    const { gateway, intervene } = await intervening()
    await intervene({ step: 'NOTICE' })
    const other = await gateway.issueKey()
    expect(JSON.parse((await gateway.post(ME, other)).body).extensions).not.toHaveProperty('notice')
  })

  test('of one key is told with its answers alone', async () => {
    const { gateway, intervene, accountId, key, keyId } = await intervening()
    await intervene({ step: 'NOTICE', key: keyId })
    const other = await gateway.issueKey({ accountId })
    const told = async (credential: string) =>
      JSON.parse((await gateway.post(ME, credential)).body).extensions.notice
    expect(await told(key)).toMatchObject([{ of: 'KEY' }])
    expect(await told(other)).toBeUndefined()
  })

  test('is over at its end', async () => {
    let now = new Date('2026-01-01T12:00:00Z')
    const { gateway, intervene, key } = await intervening({ now: () => now })
    await intervene({ step: 'NOTICE', until: '2026-01-01T12:00:01Z' })
    expect((await gateway.post(ME, key)).body).toContain('"notice"')
    now = new Date('2026-01-01T12:00:01Z')
    expect((await gateway.post(ME, key)).body).not.toContain('"notice"')
  })
})

describe('a slower pace', () => {
  test('lets the budgets of the account fill more slowly, and the day hold less', async () => {
    const { gateway, intervene, key } = await intervening()
    const policyOf = async () => {
      const { headers } = await gateway.post(ME, key)
      return String(headers['ratelimit-policy'])
    }
    const before = await policyOf()
    await intervene({ step: 'SLOWER', pacePercent: 25 })
    const after = await policyOf()
    const [day, slowerDay] = [before, after].map((text) => Number(/"day";q=(\d+)/.exec(text)?.[1]))
    expect(slowerDay).toBe(Math.floor((day ?? 0) / 4))
    const [full, slower] = [before, after].map((text) =>
      Number(/"burst";q=\d+;w=(\d+)/.exec(text)?.[1]),
    )
    expect(slower).toBeGreaterThan((full ?? 0) * 3.9)
  })

  test('needs a pace, and no other step has one', async () => {
    const { intervene } = await intervening()
    expect((await intervene({ step: 'SLOWER' })).codes).toEqual(['INPUT_INVALID'])
    expect((await intervene({ step: 'NOTICE', pacePercent: 50 })).codes).toEqual(['INPUT_INVALID'])
  })
})

describe('a suspension', () => {
  test('refuses keys and sessions with the reason and the end, and says whom to turn to', async () => {
    const { gateway, intervene, key, token } = await intervening()
    const id = interventionOf(await intervene({ step: 'SUSPENSION', until: UNTIL }))
    const { status, body } = await gateway.post(ME, key)
    expect(status).toBe(403)
    expect(JSON.parse(body).errors).toEqual([
      {
        message: 'The account is suspended: Too much at once.',
        extensions: {
          code: 'ACCOUNT_BLOCKED',
          intervention: id,
          step: 'SUSPENSION',
          reason: 'Too much at once.',
          until: UNTIL,
        },
      },
    ])
    const session = await gateway.post(SETS, token)
    expect(JSON.parse(session.body).errors[0].extensions).toMatchObject({
      code: 'ACCOUNT_BLOCKED',
      reason: 'Too much at once.',
      contact: 'help@example.org',
    })
  })

  test('leaves a session what it takes to see why, to answer and to leave, from the control budget', async () => {
    const { gateway, intervene, token } = await intervening()
    await intervene({ step: 'SUSPENSION' })
    expect((await gateway.post(SETS, token)).codes).toEqual(['ACCOUNT_BLOCKED'])
    expect((await gateway.post(CREATE_KEY, token)).codes).toEqual(['ACCOUNT_BLOCKED'])
    const mine = await gateway.post(MINE, token)
    expect(mine.data).toMatchObject({
      me: { interventions: { nodes: [{ step: 'SUSPENSION', isInForce: true, until: null }] } },
    })
    expect(mine.headers['ratelimit-policy']).toMatch(/^"control"/)
    const asked = await gateway.post(
      `mutation { requestHigherLimit(input: { purpose: "A study.", points: 500000, until: "${new Date(Date.now() + 86_400_000).toISOString()}" }) {
        ... on RequestHigherLimitPayload { limitRequest { state } } } }`,
      token,
    )
    expect(asked.data).toMatchObject({ requestHigherLimit: { limitRequest: { state: 'OPEN' } } })
    const signOut = 'mutation { signOut(input: {}) { ... on SignedOut { sessions } } }'
    expect((await gateway.post(signOut, token)).status).toBe(200)
  })

  test('of one key leaves the others alone', async () => {
    const { gateway, intervene, accountId, key, keyId, token } = await intervening()
    const other = await gateway.issueKey({ accountId })
    await intervene({ step: 'SUSPENSION', key: keyId })
    expect((await gateway.post(ME, key)).codes).toEqual(['ACCOUNT_BLOCKED'])
    expect((await gateway.post(SETS, other)).status).toBe(200)
    expect((await gateway.post(SETS, token)).status).toBe(200)
  })

  test('ends when it is lifted, and at its end', async () => {
    let now = new Date('2026-01-01T12:00:00Z')
    const { gateway, intervene, lift, key } = await intervening({ now: () => now })
    const id = interventionOf(await intervene({ step: 'SUSPENSION' }))
    expect((await gateway.post(ME, key)).status).toBe(403)
    expect((await lift(id)).data).toMatchObject({
      liftIntervention: { intervention: { isInForce: false, endNote: 'It was a mistake.' } },
    })
    expect((await gateway.post(ME, key)).status).toBe(200)
    await intervene({ step: 'SUSPENSION', until: '2026-01-01T13:00:00Z' })
    expect((await gateway.post(ME, key)).status).toBe(403)
    now = new Date('2026-01-01T13:00:00Z')
    expect((await gateway.post(ME, key)).status).toBe(200)
  })
})

describe('a revocation', () => {
  test('takes all keys back for good, and no new one is made until it is lifted', async () => {
    const { gateway, intervene, lift, key, token } = await intervening()
    const id = interventionOf(await intervene({ step: 'REVOCATION' }))
    const { status, body } = await gateway.post(ME, key)
    expect(status).toBe(401)
    expect(JSON.parse(body).errors[0].extensions).toMatchObject({
      code: 'KEY_REVOKED',
      reason: 'ABUSE',
    })
    expect((await gateway.post(CREATE_KEY, token)).codes).toEqual(['ACCOUNT_BLOCKED'])
    expect((await gateway.post(SETS, token)).status).toBe(200)
    await lift(id)
    expect((await gateway.post(CREATE_KEY, token)).data).toMatchObject({
      createApiKey: { secret: expect.any(String) },
    })
    expect((await gateway.post(ME, key)).status).toBe(401)
  })

  test('of one key is done at once: there is nothing to lift', async () => {
    const { gateway, intervene, lift, accountId, key, keyId, token } = await intervening()
    const other = await gateway.issueKey({ accountId })
    const id = interventionOf(await intervene({ step: 'REVOCATION', key: keyId }))
    expect((await gateway.post(ME, key)).codes).toEqual(['KEY_REVOKED'])
    expect((await gateway.post(ME, other)).status).toBe(200)
    expect((await gateway.post(CREATE_KEY, token)).status).toBe(200)
    expect((await lift(id)).data).toEqual({ liftIntervention: { code: 'INTERVENTION_OVER' } })
  })
})

test('the owner is told by mail, and the trail tells of every step', async () => {
  const { gateway, intervene, lift, accountId } = await intervening()
  const id = interventionOf(await intervene({ step: 'SLOWER', pacePercent: 50, until: UNTIL }))
  await lift(id)
  const mails = await mailsTo(gateway, accountId)
  expect(mails).toHaveLength(2)
  expect(mails[0]).toContain('Too much at once.')
  expect(mails[0]).toContain('2100-01-01 00:00 UTC')
  expect(mails[1]).toContain('It was a mistake.')
  expect(await trailOf(gateway, accountId)).toEqual([
    ['intervene-slower', 'session', 'Too much at once.'],
    ['lift-intervention', 'session', 'It was a mistake.'],
  ])
})

test('a step takes the place of one of the same kind', async () => {
  const { gateway, intervene, admin, token } = await intervening()
  await intervene({ step: 'NOTICE', reason: 'First.' })
  await intervene({ step: 'NOTICE', reason: 'Second.' })
  const { body } = await gateway.post(ME, token)
  expect(JSON.parse(body).extensions.notice).toMatchObject([{ reason: 'Second.' }])
  const list = (active: string) =>
    gateway.post(`{ interventions(active: ${active}) { nodes { reason } totalCount } }`, admin)
  expect((await list('true')).data).toEqual({
    interventions: { nodes: [{ reason: 'Second.' }], totalCount: 1 },
  })
  expect((await list('null')).data).toMatchObject({ interventions: { totalCount: 2 } })
})

describe('nobody intervenes', () => {
  test('against himself, nor lifts what was done against him', async () => {
    const { gateway, intervene, lift, adminId, admin } = await intervening()
    const own = formatId('acc', adminId)
    expect((await intervene({ step: 'NOTICE', account: own })).codes).toEqual(['INPUT_INVALID'])
    const second = await signedIn(
      gateway,
      await gateway.account({ username: 'boss', role: 'admin' }),
    )
    const against = await intervene({ step: 'NOTICE', account: own }, second.token)
    expect((await lift(interventionOf(against), admin)).data).toEqual({
      liftIntervention: { code: 'NOT_FOUND' },
    })
  })

  test('against staff but an administrator', async () => {
    const { gateway, intervene, lift, adminId } = await intervening()
    const support = await signedIn(
      gateway,
      await gateway.account({ username: 'help', role: 'support' }),
    )
    const account = formatId('acc', adminId)
    const refused = { intervene: { code: 'NOT_FOUND' } }
    expect((await intervene({ step: 'NOTICE', account }, support.token)).data).toEqual(refused)
    const against = await intervene({ step: 'NOTICE' }, support.token)
    expect((await lift(interventionOf(against), support.token)).status).toBe(200)
  })

  test('against a key that is not of that account', async () => {
    const { gateway, intervene, key } = await intervening()
    const otherId = await gateway.account({ username: 'ben' })
    const other = await gateway.issueKey({ accountId: otherId })
    const { id } = await gateway.database.kysely
      .selectFrom('api_key')
      .select('id')
      .where('account_id', '=', otherId)
      .executeTakeFirstOrThrow()
    const missed = { intervene: { code: 'NOT_FOUND' } }
    for (const name of [formatId('key', id), 'nonsense']) {
      // oxlint-disable-next-line no-await-in-loop
      expect((await intervene({ step: 'REVOCATION', key: name })).data).toEqual(missed)
    }
    expect((await gateway.post(ME, key)).status).toBe(200)
    expect((await gateway.post(ME, other)).status).toBe(200)
  })
})
