import { describe, expect, test, vi } from 'vitest'

import { createAuthenticator } from '../../../src/auth/authenticate.ts'
import { followKeyChanges } from '../../../src/auth/follow-key-changes.ts'
import { createSessionTokens } from '../../../src/auth/session-token/session-tokens.ts'
import { createSigningKeys } from '../../../src/auth/session-token/signing-keys.ts'
import type { VerifyToken } from '../../../src/auth/session-token/verified-token.ts'
import { connectDatabase } from '../../../src/database/connect.ts'
import { ApiError } from '../../../src/errors.ts'
import { PUBLIC_URL, testGateway } from '../../support/gateway.ts'
import { insertSession } from '../../support/session.ts'
import { whenDone } from '../../support/when-done.ts'

// A clock that stands: nothing that is known grows old.
const now = new Date('2026-02-01T12:00:00Z')
const gateway = await testGateway({ now: now.toISOString() })
const { database, vault } = gateway

/** What another gateway makes of this token, which knows it and listens from now on. */
async function elsewhere(token: string, verifyToken: VerifyToken) {
  const own = connectDatabase({ url: database.url, applicationName: 'maat' })
  whenDone(own.close)
  const authenticator = createAuthenticator({
    database: own,
    vault,
    clock: () => now,
    verifyToken,
  })
  const heard = Promise.withResolvers<void>()
  const clear = (): void => {
    authenticator.clear()
    heard.resolve()
  }
  whenDone(followKeyChanges(own, { forget: authenticator.forget, clear }))
  await heard.promise
  return async (): Promise<string> => {
    try {
      const { standing } = await authenticator.authenticate({ authorization: `Bearer ${token}` })
      return `level ${standing.level}`
    } catch (error) {
      if (error instanceof ApiError) return error.code
      throw error
    }
  }
}

async function change(text: string, id: string): Promise<void> {
  await database.pool.query(text, [id])
}

const END = `update session set ended_at = now(), end_reason = 'signed_out'`

describe('another gateway that knows a session hears of it, and asks anew', () => {
  test.each([
    ['it ends', `${END} where id = $1`, 'session', 'UNAUTHENTICATED'],
    ['all of the account end', `${END} where account_id = $1`, 'account', 'UNAUTHENTICATED'],
    ['it is deleted', 'delete from session where id = $1', 'session', 'UNAUTHENTICATED'],
    ['its account is deleted', 'delete from account where id = $1', 'account', 'UNAUTHENTICATED'],
    ['its account sinks', `update account set role = 'user' where id = $1`, 'account', 'level 4'],
    [
      'its account is blocked',
      `update account set status = 'disabled' where id = $1`,
      'account',
      'level 0',
    ],
  ] as const)('when %s', async (_case, text, of, seen) => {
    const owner = await gateway.account({ role: 'admin' })
    const { id, token } = await insertSession(gateway, { account_id: owner })
    const { verify } = createSessionTokens({
      keys: createSigningKeys(vault),
      issuer: PUBLIC_URL,
      clock: () => now,
    })
    const standing = await elsewhere(token, verify)
    expect(await standing()).toBe('level 8')
    await change(text, of === 'session' ? id : owner)
    await within(async () => expect(await standing()).toBe(seen))
  })
})

test('a token of another issuer opens nothing as soon as its account is deleted', async () => {
  const id = await gateway.account()
  const standing = await elsewhere('a.b.c', () =>
    Promise.resolve({
      kind: 'external',
      issuer: 'https://issuer.example',
      account: { id },
      expiresAtMs: now.getTime() + 60_000,
    }),
  )
  expect(await standing()).toBe('level 4')
  await change('delete from account where id = $1', id)
  await within(async () => expect(await standing()).toBe('UNAUTHENTICATED'))
})

test('what changes nothing of a session is told to nobody', async () => {
  const { id } = await insertSession(gateway)
  const told: string[] = []
  const heard = Promise.withResolvers<void>()
  whenDone(
    database.listen({
      channel: 'maat_key_changes',
      onNotice: (notice) => void told.push(notice),
      onGap: () => heard.resolve(),
    }),
  )
  await heard.promise
  await change('update session set last_used_at = now(), expires_at = now() where id = $1', id)
  await database.pool.query('select pg_notify($1, $2)', ['maat_key_changes', 'last'])
  await within(() => expect(told).toContain('last'))
  expect(told).toEqual(['last'])
})

function within(condition: () => unknown): Promise<unknown> {
  // Whoever hears nothing asks anew after five seconds.
  return vi.waitFor(condition, { timeout: 3_000, interval: 10 })
}
