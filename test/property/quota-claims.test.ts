import fc from 'fast-check'
import { expect, test } from 'vitest'

import { LEVELS, ROLE_CAPS } from '../../src/auth/access.ts'
import { type GivenIntervention, stepInForce } from '../../src/auth/interventions.ts'
import type { Principal } from '../../src/auth/principal.ts'
import { claimsOf } from '../../src/quota/claims.ts'
import { readPolicies } from '../../src/quota/read-policies.ts'

const POLICIES = readPolicies(null)
const DAY_MS = 86_400_000

/** Moments around which accounts come of age and limits end. */
const moment = fc.integer({ min: 0, max: 10 * DAY_MS })
const end = fc.option(moment, { nil: null })
const roles = Object.keys(ROLE_CAPS) as (keyof typeof ROLE_CAPS)[] // the names of the table

const limit = fc.record({
  of: fc.constantFrom('account', 'key'),
  partition: fc.constantFrom('burst', 'day'),
  capacity: fc.integer({ min: 1, max: 5000 }),
  validUntilMs: end,
})
const limits = fc
  .uniqueArray(limit, { selector: ({ of, partition }) => `${of} ${partition}` })
  .map((given) =>
    given.map((each) => ({
      ...each,
      restorePerSecond: each.partition === 'burst' ? 1 : null,
    })),
  )

const interventions: fc.Arbitrary<readonly GivenIntervention[]> = fc.array(
  fc.record({
    id: fc.constant('itv_1'),
    of: fc.constantFrom('account', 'key'),
    step: fc.constantFrom('notice', 'slower', 'suspension', 'revocation'),
    reason: fc.constant(''),
    pace: fc.option(fc.double({ min: 0.01, max: 0.99, noNaN: true })),
    untilMs: end,
  }),
  { maxLength: 6 },
)

const principal: fc.Arbitrary<Principal> = fc
  .record({
    kind: fc.constantFrom('key', 'session'),
    level: fc.constantFrom(...LEVELS),
    role: fc.constantFrom(...roles),
    accountCreatedAtMs: fc.integer({ min: -10 * DAY_MS, max: 10 * DAY_MS }),
    limits,
    interventions,
  })
  .map(({ kind, level, role, accountCreatedAtMs, limits: given, interventions: steps }) => ({
    standing: { kind, level, role, status: 'active', consent: 'measurements' },
    accountId: 'account',
    keyId: kind === 'key' ? 'key' : null,
    sessionId: kind === 'session' ? 'session' : null,
    budget: { accountCreatedAtMs, limits: given },
    interventions: steps,
  }))

const claimsAt = (one: Principal, atMs: number) =>
  claimsOf({ principal: one, address: 'a' }, POLICIES, new Date(atMs))

test('claims that are remembered are those that would be made anew', () => {
  fc.assert(
    fc.property(principal, fc.array(moment, { maxLength: 8 }), (one, moments) => {
      for (const atMs of moments.toSorted((a, b) => a - b)) {
        expect(claimsAt(one, atMs)).toEqual(claimsAt({ ...one }, atMs))
      }
    }),
  )
})

test('no operation may cost more than each of its budgets can ever hold', () => {
  fc.assert(
    fc.property(principal, moment, (one, atMs) => {
      const { claims, ceiling } = claimsAt(one, atMs)
      expect(ceiling).toBeLessThanOrEqual(Math.min(...claims.map(({ budget }) => budget.capacity)))
      expect(ceiling).toBeGreaterThanOrEqual(1)
    }),
  )
})

test('a client has each budget once, and those of a key only where it has a key', () => {
  fc.assert(
    fc.property(principal, moment, (one, atMs) => {
      const names = claimsAt(one, atMs).claims.map(({ partition }) => partition)
      expect(new Set(names).size).toBe(names.length)
      const isSuspended = stepInForce(one.interventions, 'suspension', atMs) !== null
      const expected = isSuspended ? ['control'] : ['burst', 'day', 'service-burst']
      expect(names).toEqual(expect.arrayContaining(expected))
      const ofKey = names.filter((name) => name.startsWith('key-'))
      expect(one.keyId === null ? ofKey : []).toEqual([])
    }),
  )
})
