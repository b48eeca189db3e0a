import { request as httpRequest } from 'node:http'
import { describe, expect, test, vi } from 'vitest'

import { chargedPoints } from '../../support/counted-points.ts'
import { type PaidGateway, paidGateway, SETS } from '../../support/paid-gateway.ts'
import { PEOPLE } from '../../support/planned-data.ts'
import { insertSession } from '../../support/session.ts'
import { PATIENTLY } from '../../support/patiently.ts'

const OWNER = `id = '${PEOPLE.ada}'`
const KEY = `account_id = '${PEOPLE.ada}'`
const LEAK = `update api_key set revoked_at = now(), revocation_reason = 'leak' where ${KEY}`

interface Change {
  readonly what: string
  readonly change: string
  readonly status: number
  readonly code: string
}

/** Posts the document, changes the database once its plan begins, and runs the plan when the gateway knows of it. */
async function overtaken(
  gateway: PaidGateway,
  { query = SETS, credential = gateway.key, change, forget = PEOPLE.ada }: Overtaken,
) {
  gateway.around = async (run, request) => {
    await gateway.database.pool.query(change)
    gateway.forget(forget)
    await gateway.running.recheck(forget)
    return run(request)
  }
  return gateway.post(query, credential)
}

interface Overtaken {
  readonly query?: string
  readonly credential?: string
  readonly change: string
  readonly forget?: string
}

const HELD_BACK = { status: 503, codes: ['UNAVAILABLE'] }

describe('an operation that runs while', () => {
  test.each<Change>([
    {
      what: 'its key is revoked',
      change: LEAK,
      status: 401,
      code: 'KEY_REVOKED',
    },
    {
      what: 'its key is made to expire',
      change: `update api_key set expires_at = '2000-01-01' where ${KEY}`,
      status: 401,
      code: 'KEY_EXPIRED',
    },
    {
      what: 'its key is bound to other networks',
      change: `update api_key set networks = '{192.0.2.0/24}' where ${KEY}`,
      status: 403,
      code: 'KEY_RESTRICTED',
    },
    {
      what: 'its account is deleted',
      change: `delete from account where ${OWNER}`,
      status: 401,
      code: 'UNAUTHENTICATED',
    },
    {
      what: 'its account is blocked',
      change: `update account set status = 'disabled' where ${OWNER}`,
      status: 403,
      code: 'ACCOUNT_BLOCKED',
    },
    {
      what: 'consent to what it reads is withdrawn',
      change: `update account set consent = 'account' where ${OWNER}`,
      status: 451,
      code: 'CONSENT_REQUIRED',
    },
    {
      what: 'its key sinks below the level that it needs',
      change: `update api_key set level = 0 where ${KEY}`,
      status: 403,
      code: 'LEVEL_TOO_LOW',
    },
  ])('$what is answered what a new one would be', async ({ change, status, code }) => {
    const gateway = await paidGateway()
    expect(await overtaken(gateway, { change })).toMatchObject({ status, codes: [code] })
    gateway.around = (run, request) => run(request)
    expect(await gateway.post(SETS, gateway.key)).toMatchObject({ status, codes: [code] })
  })

  test('its session ends is refused as one that never was', async () => {
    const gateway = await paidGateway()
    const { id, token } = await insertSession(gateway, { account_id: PEOPLE.ada })
    const change = `update session set ended_at = now(), end_reason = 'signed_out'`
    const answer = await overtaken(gateway, { credential: token, change, forget: id })
    expect(answer).toMatchObject({ status: 401, codes: ['UNAUTHENTICATED'] })
  })

  test('its key sinks to a level that it still needs no more of is to be sent again', async () => {
    const gateway = await paidGateway()
    const change = `update api_key set level = 1 where ${KEY}`
    const answer = await overtaken(gateway, { change })
    expect(answer).toMatchObject(HELD_BACK)
    expect(answer.headers['retry-after']).toBe('1')
    gateway.around = (run, request) => run(request)
    expect((await gateway.post(SETS, gateway.key)).status).toBe(200)
  })

  test.each([
    ['its account may do more', `update account set role = 'admin' where ${OWNER}`],
    ['nothing that counts changes', `update account set patron = true where ${OWNER}`],
  ])('%s goes on', async (_what, change) => {
    const gateway = await paidGateway()
    expect((await overtaken(gateway, { change })).status).toBe(200)
  })

  test('its key may do more goes on', async () => {
    const gateway = await paidGateway()
    const credential = await gateway.issueKey({ accountId: PEOPLE.ada, level: 1 })
    const change = `update api_key set level = 3 where ${KEY}`
    expect((await overtaken(gateway, { credential, change })).status).toBe(200)
  })

  test('its key is revoked is refused at the door of GET too', async () => {
    const gateway = await paidGateway()
    gateway.around = async (run, request) => {
      await gateway.database.pool.query(LEAK)
      gateway.forget(PEOPLE.ada)
      await gateway.running.recheck(PEOPLE.ada)
      return run(request)
    }
    const { status, body } = await gateway.send({
      path: `/graphql?query=${encodeURIComponent(SETS)}`,
      headers: { authorization: `Bearer ${gateway.key}` },
    })
    expect(status).toBe(401)
    expect(JSON.parse(body).errors).toMatchObject([{ extensions: { code: 'KEY_REVOKED' } }])
    expect(gateway.logged).toEqual([])
  })

  test('another key is revoked goes on', async () => {
    const gateway = await paidGateway()
    const other = await gateway.issueKey({ accountId: PEOPLE.ben })
    expect((await gateway.post('{ version }', other)).status).toBe(200)
    const change = `update api_key set revoked_at = now(), revocation_reason = 'leak' where account_id = '${PEOPLE.ben}'`
    expect((await overtaken(gateway, { change, forget: PEOPLE.ben })).status).toBe(200)
  })
})

test('a mutation that has begun runs to its end, and is answered', async () => {
  const gateway = await paidGateway()
  const { id, token } = await insertSession(gateway, { account_id: PEOPLE.ada })
  const query = `mutation { signOut { __typename ... on SignedOut { sessions } } }`
  gateway.around = (run, request) => run(request)
  const answer = await gateway.post(query, token)
  expect(answer).toMatchObject({
    status: 200,
    data: { signOut: { __typename: 'SignedOut', sessions: 1 } },
  })
  gateway.forget(id)
  expect(await gateway.post(query, token)).toMatchObject({ codes: ['UNAUTHENTICATED'] })
})

test('a mutation whose key is revoked before it begins changes nothing, and costs a point', async () => {
  const gateway = await paidGateway()
  const { quota } = gateway.demand
  const [row] = (
    await gateway.database.pool.query(
      `select slug from api_key where ${KEY} and revocation_reason is null`,
    )
  ).rows
  const reserve = quota.reserve.bind(quota)
  vi.spyOn(quota, 'reserve').mockImplementation(async (...asked) => {
    const reserved = await reserve(...asked)
    await gateway.database.pool.query(LEAK)
    gateway.forget(PEOPLE.ada)
    await gateway.running.recheck(PEOPLE.ada)
    return reserved
  })
  const query = `mutation { revokeApiKey(input: { id: "key_${row.slug}" }) { __typename } }`
  expect(await gateway.post(query, gateway.key)).toMatchObject({ codes: ['KEY_REVOKED'] })
  const { rows } = await gateway.database.pool.query(
    `select distinct revocation_reason from api_key where ${KEY}`,
  )
  expect(rows).toEqual([{ revocation_reason: 'leak' }])
  expect(await chargedPoints(gateway)).toBe(1)
})

test('a request whose key is revoked while its body is on its way is refused once that is here', async () => {
  const gateway = await paidGateway()
  expect((await gateway.post(SETS, gateway.key)).status).toBe(200)
  const entered = vi.spyOn(gateway.running, 'enter')
  const answered = Promise.withResolvers<number>()
  const body = JSON.stringify({ query: SETS })
  const sent = httpRequest(
    `${gateway.origin}/graphql`,
    {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': body.length,
        authorization: `Bearer ${gateway.key}`,
      },
    },
    (response) => answered.resolve(response.resume().statusCode ?? 0),
  )
  sent.on('error', answered.reject)
  sent.write(body.slice(0, 10))
  await vi.waitFor(() => expect(entered).toHaveBeenCalledOnce(), PATIENTLY)
  await gateway.database.pool.query(LEAK)
  gateway.forget(PEOPLE.ada)
  await gateway.running.recheck(PEOPLE.ada)
  sent.end(body.slice(10))
  expect(await answered.promise).toBe(401)
})
