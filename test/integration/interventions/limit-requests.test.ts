import { describe, expect, test } from 'vitest'

import { intervening, mailsTo, trailOf } from '../../support/intervening.ts'
import { signedIn } from '../../support/signed-in.ts'

const ME = '{ me { username } }'
const REQUEST = `mutation ($input: RequestHigherLimitInput!) { requestHigherLimit(input: $input) {
  ... on RequestHigherLimitPayload { limitRequest { id purpose points state } } ... on Problem { code }
} }`
const DECIDE = `mutation ($input: DecideLimitRequestInput!) { decideLimitRequest(input: $input) {
  ... on DecideLimitRequestPayload { limitRequest { state grantedPoints grantedUntil reason } } ... on Problem { code }
} }`
const MINE =
  '{ me { limitRequests { nodes { purpose points state grantedPoints grantedUntil reason } } } }'
const WAITING = '{ limitRequests { nodes { id purpose account { username } } } }'

/** Ada has asked for 5 000 000 points a day until this evening. */
async function asked() {
  const time = { now: new Date('2026-01-01T12:00:00Z'), passedMs: 0 }
  const people = await intervening({
    now: () => time.now,
    monotonic: () => performance.now() + time.passedMs,
  })
  const { gateway, token, admin, key } = people
  const input = { purpose: 'A study of sleeves.', points: 5_000_000, until: '2026-01-01T18:00:00Z' }
  const request = (over: object = {}) =>
    gateway.post(REQUEST, token, { input: { ...input, ...over } })
  const { data } = await request()
  const { id } = (data as { requestHigherLimit: { limitRequest: { id: string } } }) // as the document asks
    .requestHigherLimit.limitRequest
  return {
    ...people,
    time,
    id,
    request,
    decide: (over: object, by = admin) => gateway.post(DECIDE, by, { input: { id, ...over } }),
    /** Points that the day of Ada's key holds. */
    day: async () => {
      const { headers } = await gateway.post(ME, key)
      return Number(/"day";q=(\d+)/.exec(String(headers['ratelimit-policy']))?.[1])
    },
  }
}

test('whoever watches over use reads what is asked for, and by whom; the database does not', async () => {
  const { gateway, admin } = await asked()
  expect((await gateway.post(WAITING, admin)).data).toMatchObject({
    limitRequests: { nodes: [{ purpose: 'A study of sleeves.', account: { username: 'ada' } }] },
  })
  const { rows } = await gateway.database.pool.query('select * from limit_request')
  expect(JSON.stringify(rows)).not.toContain('sleeves')
})

test('an account asks for one limit at a time', async () => {
  const { request, decide } = await asked()
  expect((await request()).data).toEqual({ requestHigherLimit: { code: 'LIMIT_REQUEST_OPEN' } })
  await decide({ decision: 'DECLINE', reason: 'Not now.' })
  expect((await request()).data).toMatchObject({
    requestHigherLimit: { limitRequest: { state: 'OPEN' } },
  })
})

test.each([
  ['no purpose', { purpose: ' ' }],
  ['no points', { points: 0 }],
  ['an end in the past', { until: '2025-12-31T00:00:00Z' }],
  ['an end beyond a year', { until: '2027-02-01T00:00:00Z' }],
])('nobody asks with %s', async (_what, over) => {
  const { request } = await asked()
  expect((await request(over)).codes).toEqual(['INPUT_INVALID'])
})

describe('a grant', () => {
  test('holds with the next operation, and ends by itself', async () => {
    const { decide, day, time } = await asked()
    const usual = await day()
    const granted = await decide({ decision: 'GRANT' })
    expect(granted.data).toMatchObject({
      decideLimitRequest: {
        limitRequest: { state: 'GRANTED', grantedPoints: 5_000_000 },
      },
    })
    expect(await day()).toBe(5_000_000)
    time.now = new Date('2026-01-01T18:00:00Z')
    // What was leased before the end is gone.
    time.passedMs = 6 * 3_600_000
    expect(await day()).toBe(usual)
  })

  test('leaves a limit for good in force when it ends, and takes the place of the one before', async () => {
    const { gateway, accountId, request, decide, day, time, id } = await asked()
    await gateway.database.kysely
      .insertInto('quota_limit')
      .values({ account_id: accountId, partition: 'day', capacity: 4_000_000 })
      .execute()
    gateway.forget(accountId)
    await decide({ decision: 'GRANT' })
    expect(await day()).toBe(5_000_000)
    await request({ points: 4_500_000 })
    const { rows } = await gateway.database.pool.query<{ slug: string }>(
      `select slug from limit_request where state = 'open'`,
    )
    expect(rows).toHaveLength(1)
    await decide({ decision: 'GRANT', id: `lim_${rows[0]?.slug}` })
    expect(id).not.toBe(`lim_${rows[0]?.slug}`)
    expect(await day()).toBe(4_500_000)
    time.now = new Date('2026-01-01T18:00:00Z')
    time.passedMs = 6 * 3_600_000
    expect(await day()).toBe(4_000_000)
  })

  test('may be another amount until another moment, and is told by mail', async () => {
    const { gateway, decide, day, token, accountId, time } = await asked()
    time.now = new Date('2026-01-01T12:00:01Z')
    await decide({ decision: 'GRANT', points: 3_000_000, until: '2026-01-10T00:00:00Z' })
    expect(await day()).toBe(3_000_000)
    expect((await gateway.post(MINE, token)).data).toMatchObject({
      me: {
        limitRequests: {
          nodes: [{ state: 'GRANTED', points: 5_000_000, grantedPoints: 3_000_000 }],
        },
      },
    })
    const [mail] = await mailsTo(gateway, accountId)
    expect(mail).toContain('3000000 points a day, until 2026-01-10 00:00 UTC')
    expect(await trailOf(gateway, accountId)).toEqual([
      ['request-higher-limit', 'session', null],
      ['grant-limit-request', 'session', null],
    ])
  })

  test('is not made to an end that is over', async () => {
    const { decide, time, gateway, adminId } = await asked()
    time.now = new Date('2026-02-02T00:00:00Z')
    const { token } = await signedIn(gateway, adminId)
    expect((await decide({ decision: 'GRANT' }, token)).codes).toEqual(['INPUT_INVALID'])
  })
})

test('what is declined changes no limit, and its owner reads why', async () => {
  const { gateway, decide, day, accountId } = await asked()
  const usual = await day()
  expect((await decide({ decision: 'DECLINE' })).codes).toEqual(['INPUT_INVALID'])
  const declined = await decide({ decision: 'DECLINE', reason: 'Ask for less.' })
  expect(declined.data).toMatchObject({
    decideLimitRequest: { limitRequest: { state: 'DECLINED', reason: 'Ask for less.' } },
  })
  expect(await day()).toBe(usual)
  expect(await mailsTo(gateway, accountId)).toEqual([expect.stringContaining('Ask for less.')])
})

test('a request is decided on once, and by somebody else', async () => {
  const { gateway, decide, accountId, token } = await asked()
  expect((await decide({ decision: 'GRANT' }, token)).codes).toEqual(['LEVEL_TOO_LOW'])
  await gateway.database.kysely
    .updateTable('account')
    .set({ role: 'admin' })
    .where('id', '=', accountId)
    .execute()
  gateway.forget(accountId)
  expect((await decide({ decision: 'GRANT' }, token)).data).toEqual({
    decideLimitRequest: { code: 'NOT_FOUND' },
  })
  await decide({ decision: 'GRANT' })
  expect((await decide({ decision: 'DECLINE', reason: 'No.' })).data).toEqual({
    decideLimitRequest: { code: 'LIMIT_REQUEST_DECIDED' },
  })
})
