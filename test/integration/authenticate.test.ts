import { randomBytes } from 'node:crypto'
import { describe, expect, onTestFinished, test } from 'vitest'
import { formatKey } from '../../src/auth/api-key.ts'
import { createAuthenticator } from '../../src/auth/authenticate.ts'
import { type IssuedKey, issueKey } from '../../src/auth/issue-key.ts'
import { ANONYMOUS_PRINCIPAL } from '../../src/auth/principal.ts'
import { REVOCATIONS } from '../../src/auth/revocations.ts'
import { connectDatabase, type Database } from '../../src/database/connect.ts'
import type { RevocationReason } from '../../src/database/tables.generated.ts'
import { ApiError } from '../../src/errors.ts'
import { createKeyRing } from '../../src/vault/key-ring.ts'
import { createVault } from '../../src/vault/vault.ts'
import { insertAccount } from '../support/account.ts'
import { testDatabase } from '../support/test-database.ts'
import { whenDone } from '../support/when-done.ts'

const database = await testDatabase()
const { kysely } = database
const vault = createVault(createKeyRing())
const START = new Date('2026-02-01T12:00:00Z')

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
const basic = (id: string, key: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${key}`).toString('base64')}`,
})
const seconds = (n: number) => new Date(START.getTime() + n * 1000)

/** An authenticator on a clock that stands at START until it is moved, and how many statements it sent. */
function testAuthenticator(options: { over?: Database; contact?: string } = {}) {
  const { over, contact = null } = options
  const count = { statements: 0 }
  let now = START
  // A statement takes a connection, and this pool serves nobody else.
  const own = over ?? connectDatabase({ url: database.url, applicationName: 'maat' })
  own.pool.on('acquire', () => (count.statements += 1))
  if (over === undefined) whenDone(own.close)
  const authenticator = createAuthenticator({ database: own, vault, clock: () => now, contact })
  return {
    ...authenticator,
    count,
    moveTo: (time: Date) => {
      now = time
    },
    /** The refusal, in everything that a client can see of it. */
    refusal: async (headers: { authorization?: string }) => {
      const error = await Promise.resolve()
        .then(() => authenticator.authenticate(headers))
        .catch((thrown: unknown) => thrown)
      if (!(error instanceof ApiError)) throw new Error('Not refused.', { cause: error })
      return { status: error.status, ...error.toJSON() }
    },
  }
}

async function ownKey(over: { level?: number; lifeSeconds?: number; role?: 'admin' } = {}) {
  const { level = 2, lifeSeconds = 3600, role = 'user' } = over
  const accountId = await insertAccount(database, vault, { role })
  const key = await issueKey(
    { database, vault, clock: () => START },
    { accountId, level, name: 'test', expiresAt: seconds(lifeSeconds) },
  )
  return { accountId, key }
}

const change = (accountId: string, values: Parameters<typeof changed>[0]) =>
  changed(values).where('id', '=', accountId).execute()
const changed = (values: {
  role?: 'user'
  status?: 'inactive' | 'restricted' | 'disabled'
  consent?: 'none' | 'account'
}) => kysely.updateTable('account').set(values)

const revoke = (key: IssuedKey, reason: RevocationReason) =>
  kysely
    .updateTable('api_key')
    .set({ revoked_at: START, revocation_reason: reason })
    .where('id', '=', key.id)
    .execute()

describe('credentials', () => {
  test('none make an anonymous principal, without a statement', () => {
    const { authenticate, count } = testAuthenticator()
    expect(authenticate({})).toBe(ANONYMOUS_PRINCIPAL)
    expect(count.statements).toBe(0)
  })

  test('a key makes the principal of its account, at its level', async () => {
    const { accountId, key } = await ownKey({ level: 1 })
    expect(await testAuthenticator().authenticate(bearer(key.secret))).toEqual({
      standing: {
        kind: 'key',
        level: 1,
        role: 'user',
        status: 'active',
        consent: 'measurements',
      },
      accountId,
      keyId: key.id,
      sessionId: null,
      budget: { accountCreatedAtMs: expect.any(Number), limits: [] },
      interventions: [],
    })
  })

  test('a key of level 0 is a key', async () => {
    const { key } = await ownKey({ level: 0 })
    const principal = await testAuthenticator().authenticate(bearer(key.secret))
    expect(principal.standing.level).toBe(0)
  })

  test('Basic with key id and key makes the same principal as Bearer', async () => {
    const { key } = await ownKey()
    const { authenticate } = testAuthenticator()
    const principal = await authenticate(bearer(key.secret))
    expect(await authenticate(basic(key.publicId, key.secret))).toBe(principal)
  })

  test('a cached key answers at once, and takes one statement in all', async () => {
    const { key } = await ownKey()
    const { authenticate, count } = testAuthenticator()
    const first = await authenticate(bearer(key.secret))
    expect(authenticate(bearer(key.secret))).toBe(first)
    expect(count.statements).toBe(1)
  })
})

describe('refused credentials', () => {
  const UNAUTHENTICATED = {
    status: 401,
    message: 'Present a valid API key or session.',
    extensions: { code: 'UNAUTHENTICATED' },
  }

  test('look the same, whatever is wrong with them', async () => {
    const { key } = await ownKey()
    const other = await ownKey()
    const headers = {
      malformed: 'Bearer maat_sk_x',
      empty: '',
      scheme: `Token ${key.secret}`,
      unknown: `Bearer ${formatKey(randomBytes)}`,
      doubled: `Bearer ${key.secret}, Bearer ${key.secret}`,
      anotherId: basic(other.key.publicId, key.secret).authorization,
      unknownId: basic('key_11111111111111111111', key.secret).authorization,
      noId: basic('', key.secret).authorization,
      uuid: basic(key.id, key.secret).authorization,
      objectMember: basic('__proto__', key.secret).authorization,
      unknownPair: basic(key.publicId, formatKey(randomBytes)).authorization,
    }
    const { refusal } = testAuthenticator({ contact: 'help@example.test' })
    for (const authorization of Object.values(headers)) {
      expect(await refusal({ authorization })).toEqual(UNAUTHENTICATED)
    }
  })

  test('that are malformed never reach the database', async () => {
    const { refusal, count } = testAuthenticator()
    const key = formatKey(randomBytes)
    await refusal(bearer(key.slice(0, -1)))
    await refusal(bearer(key.replace('_sk_', '_pk_')))
    await refusal(basic('key_x', 'password'))
    expect(count.statements).toBe(0)
  })

  test('that are guessed again and again take one statement', async () => {
    const { refusal, count } = testAuthenticator()
    const guess = formatKey(randomBytes)
    await Promise.all([refusal(bearer(guess)), refusal(bearer(guess))])
    await refusal(bearer(guess))
    expect(count.statements).toBe(1)
  })

  test('say nothing of an expired or revoked key to whoever has no such secret', async () => {
    const { key } = await ownKey({ lifeSeconds: 60 })
    const { refusal, moveTo } = testAuthenticator()
    moveTo(seconds(61))
    expect(await refusal(basic('key_x', key.secret))).toEqual(UNAUTHENTICATED)
    expect(await refusal(basic(key.publicId, formatKey(randomBytes)))).toEqual(UNAUTHENTICATED)
  })
})

describe('expiry', () => {
  test('is compared on every request, also for a cached key', async () => {
    const { key } = await ownKey({ lifeSeconds: 62 })
    const { authenticate, refusal, moveTo } = testAuthenticator()
    moveTo(seconds(61.999))
    await authenticate(bearer(key.secret))
    moveTo(seconds(62))
    expect(await refusal(bearer(key.secret))).toEqual({
      status: 401,
      message: 'This API key has expired. Make a new one.',
      extensions: { code: 'KEY_EXPIRED', expiredAt: '2026-02-01T12:01:02.000Z' },
    })
  })
})

describe('revocation', () => {
  test('is seen within 5 seconds', async () => {
    const { key } = await ownKey()
    const { authenticate, refusal, moveTo } = testAuthenticator()
    await authenticate(bearer(key.secret))
    await revoke(key, 'owner')
    moveTo(seconds(5))
    expect(await refusal(bearer(key.secret))).toMatchObject({
      status: 401,
      extensions: { code: 'KEY_REVOKED', reason: 'OWNER' },
    })
  })

  test('is seen at once by whoever is told of it', async () => {
    const { key } = await ownKey()
    const { authenticate, refusal, forget } = testAuthenticator()
    await authenticate(bearer(key.secret))
    await revoke(key, 'leak')
    forget(key.id)
    expect(await refusal(bearer(key.secret))).toMatchObject({ extensions: { reason: 'LEAK' } })
  })

  test.each(Object.entries(REVOCATIONS))(
    'for %s says so, and whom to turn to',
    async (name, text) => {
      const { key } = await ownKey()
      await revoke(key, name as RevocationReason) // a key of the table
      const { refusal } = testAuthenticator({ contact: 'help@example.test' })
      expect(await refusal(bearer(key.secret))).toEqual({
        status: 401,
        message: `This API key was revoked. ${text}`,
        extensions: {
          code: 'KEY_REVOKED',
          reason: name.toUpperCase(),
          contact: 'help@example.test',
        },
      })
    },
  )
})

describe('the account behind a key', () => {
  test('that is downgraded leaves its strong key weak', async () => {
    const { accountId, key } = await ownKey({ level: 8, role: 'admin' })
    const { authenticate, moveTo } = testAuthenticator()
    expect(await authenticate(bearer(key.secret))).toMatchObject({ standing: { level: 8 } })
    await change(accountId, { role: 'user' })
    moveTo(seconds(5))
    expect(await authenticate(bearer(key.secret))).toMatchObject({ standing: { level: 4 } })
  })

  test.each(['inactive', 'restricted', 'disabled'] as const)(
    'that is %s still authenticates, at level 0',
    async (status) => {
      const { accountId, key } = await ownKey()
      await change(accountId, { status })
      expect(await testAuthenticator().authenticate(bearer(key.secret))).toMatchObject({
        accountId,
        standing: { level: 0, status },
      })
    },
  )

  test('that withdrew all consent still authenticates, at level 0', async () => {
    const { accountId, key } = await ownKey()
    await change(accountId, { consent: 'none' })
    expect(await testAuthenticator().authenticate(bearer(key.secret))).toMatchObject({
      standing: { level: 0, consent: 'none' },
    })
  })

  test('that withdrew consent to measurements keeps its level, and its standing says so', async () => {
    const { accountId, key } = await ownKey()
    await change(accountId, { consent: 'account' })
    expect(await testAuthenticator().authenticate(bearer(key.secret))).toMatchObject({
      standing: { level: 2, consent: 'account' },
    })
  })

  test('is read anew for all its keys by whoever is told of a change', async () => {
    const { accountId, key } = await ownKey()
    const { authenticate, forget } = testAuthenticator()
    await authenticate(bearer(key.secret))
    await change(accountId, { status: 'disabled' })
    forget(accountId)
    expect(await authenticate(bearer(key.secret))).toMatchObject({ standing: { level: 0 } })
  })
})

describe('a key is no stranger', () => {
  test('for an hour from when it was found, whatever became of it since', async () => {
    const { key } = await ownKey({ lifeSeconds: 62 })
    const { authenticate, isAcquainted, moveTo, forget, clear } = testAuthenticator()
    expect(isAcquainted(bearer(key.secret))).toBe(false)
    const { keyId } = await authenticate(bearer(key.secret))
    forget(String(keyId))
    clear()
    moveTo(seconds(3_599))
    expect(isAcquainted(bearer(key.secret))).toBe(true)
    expect(isAcquainted(basic(key.publicId, key.secret))).toBe(true)
    moveTo(seconds(3_600))
    expect(isAcquainted(bearer(key.secret))).toBe(false)
  })

  test('and guesses stay strangers, unknown, malformed or none at all, with nobody asked', async () => {
    const { refusal, isAcquainted, count } = testAuthenticator()
    const guess = formatKey(randomBytes)
    await refusal(bearer(guess))
    const asked = count.statements
    for (const headers of [
      bearer(guess),
      bearer('maat_sk_x'),
      bearer(formatKey(randomBytes)),
      {},
    ]) {
      expect(isAcquainted(headers)).toBe(false)
    }
    expect(count.statements).toBe(asked)
  })
})

describe('a database that is away', () => {
  test('is a 503, never a 401', async () => {
    const away = connectDatabase({
      url: 'postgres://app@localhost/maat?host=/nowhere',
      applicationName: 'maat',
    })
    onTestFinished(away.close)
    const { refusal } = testAuthenticator({ over: away })
    expect(await refusal(bearer(formatKey(randomBytes)))).toMatchObject({
      status: 503,
      extensions: { code: 'UNAVAILABLE' },
    })
  })

  test('leaves cached keys working for their 5 seconds, and no longer', async () => {
    const { key } = await ownKey()
    const own = connectDatabase({ url: database.url, applicationName: 'maat' })
    const { authenticate, refusal, moveTo } = testAuthenticator({ over: own })
    const principal = await authenticate(bearer(key.secret))
    await own.close()
    moveTo(seconds(4.999))
    expect(authenticate(bearer(key.secret))).toBe(principal)
    moveTo(seconds(5))
    expect(await refusal(bearer(key.secret))).toMatchObject({ status: 503 })
  })

  test('still refuses a malformed key, and knows an anonymous caller', async () => {
    const away = connectDatabase({
      url: 'postgres://app@localhost/maat?host=/nowhere',
      applicationName: 'maat',
    })
    onTestFinished(away.close)
    const { authenticate, refusal } = testAuthenticator({ over: away })
    expect(await refusal(bearer('maat_sk_x'))).toMatchObject({ status: 401 })
    expect(authenticate({})).toBe(ANONYMOUS_PRINCIPAL)
  })
})
