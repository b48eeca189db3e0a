import { beforeEach, describe, expect, test } from 'vitest'

import { insertSession } from '../../support/session.ts'
import { bearer, cookie, sessionDesk, START } from '../../support/session-desk.ts'

const { gateway, setTo, authenticatorWith, tokens } = await sessionDesk()

const { account, database } = gateway
const seconds = (n: number) => new Date(START + n * 1000)

beforeEach(() => setTo(0))

const NOBODY = await authenticatorWith().refusal({ authorization: 'Bearer nothing' })

describe('a token of a session', () => {
  test('makes the principal of its account, as a person that is signed in', async () => {
    const { id, accountId, token } = await insertSession(gateway)
    expect(await authenticatorWith().authenticate(bearer(token))).toEqual({
      standing: {
        kind: 'session',
        level: 4,
        role: 'user',
        status: 'active',
        consent: 'measurements',
      },
      accountId,
      keyId: null,
      sessionId: id,
      budget: { accountCreatedAtMs: expect.any(Number), limits: [] },
      interventions: [],
    })
  })

  test.each([
    [{ role: 'admin' }, 8],
    [{ role: 'curator' }, 5],
    [{ role: 'admin', consent: 'account' }, 8],
    [{ role: 'admin', consent: 'none' }, 0],
    [{ role: 'admin', status: 'disabled' }, 0],
    [{ status: 'restricted' }, 0],
    [{ status: 'inactive' }, 0],
  ] as const)('of an account %o has level %i', async (over, level) => {
    const { token } = await insertSession(gateway, { account_id: await account(over) })
    const { standing } = await authenticatorWith().authenticate(bearer(token))
    expect(standing).toMatchObject({ level, ...over })
  })

  test('carries the limits of its account, and none of its keys', async () => {
    const { accountId, token } = await insertSession(gateway)
    await gateway.issueKey({ accountId })
    await database.pool.query(
      `insert into quota_limit (account_id, api_key_id, partition, capacity)
       select account_id, given.id, 'day', capacity
       from api_key k, lateral (values (null, 7), (k.id, 5)) as given (id, capacity) where account_id = $1`,
      [accountId],
    )
    const { budget } = await authenticatorWith().authenticate(bearer(token))
    expect(budget.limits).toEqual([
      { of: 'account', partition: 'day', capacity: 7, restorePerSecond: null, validUntilMs: null },
    ])
  })

  test('is verified and looked up once in 5 seconds', async () => {
    const { token } = await insertSession(gateway)
    const { authenticate, count } = authenticatorWith()
    const first = await authenticate(bearer(token))
    setTo(4_999)
    expect(authenticate(bearer(token))).toBe(first)
    expect(count).toEqual({ statements: 1, verified: 1 })
    setTo(5_000)
    await authenticate(bearer(token))
    expect(count).toEqual({ statements: 2, verified: 2 })
  })

  test('is refused from the moment that it expires, without asking anybody', async () => {
    const { token } = await insertSession(gateway)
    const { authenticate, refusal, count } = authenticatorWith()
    setTo(598_000)
    await authenticate(bearer(token))
    setTo(599_999)
    expect(await refusal(bearer(token))).toBeNull()
    setTo(600_000)
    expect(await refusal(bearer(token))).toEqual(NOBODY)
    expect(count).toEqual({ statements: 1, verified: 1 })
  })

  test('is refused from the moment that its session expires', async () => {
    const { token } = await insertSession(gateway, { expires_at: seconds(3) })
    const { refusal } = authenticatorWith()
    setTo(2_999)
    expect(await refusal(bearer(token))).toBeNull()
    setTo(3_000)
    expect(await refusal(bearer(token))).toEqual(NOBODY)
  })

  test.each(['session', 'account'] as const)(
    'is asked for again once its %s is to be forgotten',
    async (which) => {
      const { id, accountId, token } = await insertSession(gateway)
      const { refusal, forget } = authenticatorWith()
      expect(await refusal(bearer(token))).toBeNull()
      await database.pool.query(
        `update session set ended_at = now(), end_reason = 'signed_out' where id = $1`,
        [id],
      )
      expect(await refusal(bearer(token))).toBeNull()
      forget(which === 'session' ? id : accountId)
      expect(await refusal(bearer(token))).toEqual(NOBODY)
    },
  )

  test('is no guess once it was good', async () => {
    const { token } = await insertSession(gateway)
    const { authenticate, isAcquainted } = authenticatorWith()
    expect(isAcquainted(bearer(token))).toBe(false)
    await authenticate(bearer(token))
    expect(isAcquainted(bearer(token))).toBe(true)
    expect(isAcquainted(cookie(token))).toBe(true)
  })
})

describe('the same refusal, and nothing more, meets a token', () => {
  test.each([
    ['of a session that has ended', { ended_at: seconds(-1), end_reason: 'refresh_reused' }],
    ['of a session that has expired', { expires_at: seconds(0) }],
  ] as const)('%s', async (_of, over) => {
    const { token } = await insertSession(gateway, over)
    expect(await authenticatorWith().refusal(bearer(token))).toEqual(NOBODY)
  })

  test('of a session that is not there', async () => {
    const { id, accountId } = await insertSession(gateway)
    const { token } = await tokens.issue({ accountId, sessionId: accountId })
    expect(await authenticatorWith().refusal(bearer(token))).toEqual(NOBODY)
    const foreign = await tokens.issue({ accountId: await account(), sessionId: id })
    expect(await authenticatorWith().refusal(bearer(foreign.token))).toEqual(NOBODY)
  })

  test('that somebody else signed', async () => {
    const { id, accountId } = await insertSession(gateway)
    const other = await sessionDesk()
    const { token } = await other.tokens.issue({ accountId, sessionId: id })
    expect(await authenticatorWith().refusal(bearer(token))).toEqual(NOBODY)
  })

  test('twice in one header, or a cookie twice in one request', async () => {
    const { token } = await insertSession(gateway)
    const { refusal } = authenticatorWith()
    const twice = { authorization: `Bearer ${token}, Bearer ${token}` }
    expect(await refusal(twice)).toEqual(NOBODY)
    for (const value of [token, 'x', '']) {
      const cookies = { cookie: `maat_access=${token}; maat_access=${value}` }
      expect(await refusal(cookies)).toEqual(NOBODY)
    }
  })

  test.each(['', 'x', 'a.b.c', 'null', `${'a'.repeat(9_000)}.b.c`, 'maat_sk_x'])(
    'in a cookie that holds %s',
    async (value) => {
      expect(await authenticatorWith().refusal(cookie(value))).toEqual(NOBODY)
    },
  )
})
