import { randomBytes } from 'node:crypto'

import { expect, test } from 'vitest'

import type { AccountStanding } from '../../../src/auth/access.ts'
import { formatKey } from '../../../src/auth/api-key.ts'
import type { Principal } from '../../../src/auth/principal.ts'
import type { GatewayRequest } from '../../../src/gateway/request.ts'
import { countStatements } from '../../support/counted-statements.ts'
import { testGateway, type TestGateway } from '../../support/gateway.ts'
import { policiesWith } from '../../support/policies.ts'

const CAPACITY = 5
const policies = policiesWith({ attempts: { capacity: CAPACITY, restorePerSecond: 1 } })

/** A gateway that allows five attempts; its clock stands still. */
function guessedGateway(): Promise<TestGateway> {
  return testGateway({ policies, monotonic: () => 0 })
}

/** Keys that nobody was given. */
function guesses(count: number): string[] {
  return Array.from({ length: count }, () => formatKey(randomBytes))
}

async function statusesOf(gateway: TestGateway, keys: readonly string[]): Promise<number[]> {
  const answers = await Promise.all(keys.map((key) => gateway.post('{ version }', key)))
  return answers.map(({ status }) => status)
}

test('guesses of keys draw on the attempts of their address, and then ask the database nothing', async () => {
  const gateway = await guessedGateway()
  const statements = countStatements(gateway.database.pool)
  const made = guesses(CAPACITY)
  expect(await statusesOf(gateway, made)).toEqual(made.map(() => 401))
  const asked = statements.sent
  expect(asked).toBeGreaterThanOrEqual(CAPACITY)
  expect(await statusesOf(gateway, guesses(20))).toEqual(Array.from({ length: 20 }, () => 429))
  expect(statements.sent).toBe(asked)
})

test('nothing of a guess is told any more: unknown, malformed, seen before, and none at all are refused alike', async () => {
  const gateway = await guessedGateway()
  const made = guesses(CAPACITY)
  await statusesOf(gateway, made)
  for (const key of [...guesses(1), ...made.slice(0, 1), 'maat_sk_short', undefined]) {
    // oxlint-disable-next-line no-await-in-loop
    const { status, codes } = await gateway.post('{ version }', key)
    expect([status, codes]).toEqual([429, ['RATE_LIMITED']])
  }
})

test('a key that was seen before is served all the while, one that was not has to wait', async () => {
  const gateway = await guessedGateway()
  const [remembered, other] = [await gateway.issueKey(), await gateway.issueKey()]
  await gateway.post('{ version }', remembered)
  await statusesOf(gateway, guesses(CAPACITY))
  expect(await statusesOf(gateway, [remembered, other])).toEqual([200, 429])
})

test('the attempts of an account are its own, and those of all its keys', async () => {
  const gateway = await guessedGateway()
  const accountId = await gateway.account()
  const keys = [await gateway.issueKey({ accountId }), await gateway.issueKey({ accountId })]
  const stranger = await gateway.issueKey()
  for (const key of [...keys, stranger]) {
    // oxlint-disable-next-line no-await-in-loop
    expect((await gateway.post('{ version }', key)).status).toBe(200)
  }
  await Promise.all(Array.from({ length: CAPACITY }, () => gateway.post('{ nothing }', keys[0])))
  expect(await statusesOf(gateway, [...keys, stranger])).toEqual([429, 429, 200])
  expect((await gateway.post('{ version }')).status).toBe(200)
})

test('the attempts of a session are apart from those of the keys of its account', async () => {
  const { gateway } = await guessedGateway()
  const [key, session] = [requestOf('key'), requestOf('session')]
  await Promise.all(Array.from({ length: CAPACITY }, () => gateway.answer({ ...key, ...INVALID })))
  expect(() => gateway.assertAttemptsLeft(key)).toThrow('Too many requests')
  expect(() => gateway.assertAttemptsLeft(session)).not.toThrow()
  await Promise.all(
    Array.from({ length: CAPACITY }, () => gateway.answer({ ...session, ...INVALID })),
  )
  expect(() => gateway.assertAttemptsLeft(session)).toThrow('Too many requests')
})

const INVALID = {
  parameters: { query: '{ nothing }', variables: null, operationName: null, extensions: null },
}

function requestOf(kind: AccountStanding['kind']): GatewayRequest {
  const principal: Principal = {
    accountId: '019a0000-0000-7000-8000-0000000000a1',
    keyId: null,
    sessionId: null,
    budget: { accountCreatedAtMs: 0, limits: [] },
    interventions: [],
    standing: { kind, level: 4, role: 'user', status: 'active', consent: 'measurements' },
  }
  return {
    ...INVALID,
    method: 'POST',
    principal,
    address: '127.0.0.1',
    costMode: 'totals',
    mediaType: 'application/json',
    requestId: 'test',
  }
}
