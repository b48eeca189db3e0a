import { describe, expect, test } from 'vitest'

import type { AccountStanding } from '../../../src/auth/access.ts'
import type { GivenIntervention } from '../../../src/auth/interventions.ts'
import {
  ANONYMOUS_PRINCIPAL,
  type GivenLimit,
  type Principal,
} from '../../../src/auth/principal.ts'
import { type Claims, CONTROL_FIELDS, claimsOf } from '../../../src/quota/claims.ts'
import { createPolicies } from '../../../src/quota/policies.ts'
import { POLICY_ROWS } from '../../../src/quota/policy-rows.ts'

const POLICIES = createPolicies(POLICY_ROWS)
const NOW = new Date('2026-02-01T12:00:00Z')
const DAY_MS = 86_400_000
const after = (ms: number) => new Date(NOW.getTime() + ms)

interface Given extends Partial<Pick<AccountStanding, 'kind' | 'level' | 'role'>> {
  readonly limits?: readonly GivenLimit[]
  readonly interventions?: readonly GivenIntervention[]
  readonly ageMs?: number
}

/** A key of an old account at level 2, except as given. */
function principalWith(given: Given = {}): Principal {
  const { kind = 'key', level = 2, role = 'user', limits = [], ageMs = 365 * DAY_MS } = given
  return {
    standing: { kind, level, role, status: 'active', consent: 'measurements' },
    accountId: 'account-1',
    keyId: kind === 'key' ? 'key-1' : null,
    sessionId: kind === 'key' ? null : 'session-1',
    budget: { accountCreatedAtMs: NOW.getTime() - ageMs, limits },
    interventions: given.interventions ?? [],
  }
}

function limit(over: Partial<GivenLimit>): GivenLimit {
  const { partition = 'day' } = over
  const restorePerSecond = partition === 'burst' ? 3 : null
  return { of: 'key', partition, capacity: 500, restorePerSecond, validUntilMs: null, ...over }
}

function step(over: Partial<GivenIntervention> = {}): GivenIntervention {
  const { step: taken = 'slower' } = over
  const pace = taken === 'slower' ? 0.5 : null
  return { id: 'itv_1', of: 'account', step: taken, reason: '', pace, untilMs: null, ...over }
}

function claimsFor(given: Given = {}, { policies = POLICIES, now = NOW } = {}): Claims {
  return claimsOf({ principal: principalWith(given), address: '203.0.113.9' }, policies, now)
}

function anonymous(address: string): Claims {
  return claimsOf({ principal: ANONYMOUS_PRINCIPAL, address }, POLICIES, NOW)
}

/** Partition, subject and capacity of each claim. */
function summary({ claims }: Pick<Claims, 'claims'>) {
  return claims.map(
    ({ partition, subject, budget }) => `${partition} ${subject} ${budget.capacity}`,
  )
}

function capacityOf(claims: Claims, name: string) {
  return claims.claims.find(({ partition }) => partition === name)?.budget.capacity
}

describe('an operation with a key', () => {
  test('draws on what its account has and on what everybody has', () => {
    expect(summary(claimsFor())).toEqual([
      'burst account-1 2000',
      'day account-1 200000',
      'service-burst all 20000',
    ])
  })

  test('draws on the limits of that key besides', () => {
    const limits = [limit({ partition: 'burst', capacity: 50 }), limit({ capacity: 700 })]
    const claims = claimsFor({ limits })
    expect(summary(claims)).toEqual([
      'burst account-1 2000',
      'day account-1 200000',
      'key-burst key-1 50',
      'key-day key-1 700',
      'service-burst all 20000',
    ])
    expect(claims.claims.slice(2, 4).map(({ budget }) => budget)).toEqual([
      { kind: 'bucket', capacity: 50, restorePerSecond: 3 },
      { kind: 'window', window: 'day', capacity: 700 },
    ])
  })

  test.each([
    ['a higher one', 900_000],
    ['a lower one', 400_000],
  ])('has the larger of a limit for good and %s until a moment', (_what, capacity) => {
    const validUntilMs = NOW.getTime() + 1
    const limits = [
      limit({ of: 'account', capacity: 500_000 }),
      limit({ of: 'account', capacity, validUntilMs }),
    ]
    expect(capacityOf(claimsFor({ limits }), 'day')).toBe(Math.max(capacity, 500_000))
    const later = claimsFor({ limits }, { now: new Date(validUntilMs) })
    expect(capacityOf(later, 'day')).toBe(500_000)
  })

  test('draws on the month of everybody where the operator set one', () => {
    const policies = createPolicies({ ...POLICY_ROWS, 'service-month': { capacity: 1e9 } })
    expect(summary(claimsFor({}, { policies })).at(-1)).toBe('service-month all 1000000000')
  })

  test('never draws on the control budget', () => {
    expect(claimsFor().control).toBeNull()
  })

  test('counts for its account, in flight and in attempts', () => {
    expect(claimsFor()).toMatchObject({
      inFlight: { subject: 'account-1', limit: 8 },
      attempts: { subject: 'account-1', budget: { capacity: 120, restorePerSecond: 2 } },
    })
  })
})

describe('an operation in a session', () => {
  test('draws on the same budgets as one with a key that has no limits', () => {
    expect(summary(claimsFor({ kind: 'session' }))).toEqual(summary(claimsFor()))
  })

  test('has the control budget of the account, which nobody else can empty', () => {
    expect(claimsFor({ kind: 'session' }).control).toEqual([
      {
        partition: 'control',
        subject: 'account-1',
        budget: { kind: 'bucket', capacity: 60, restorePerSecond: 1 },
      },
    ])
  })
})

describe('an operation without credentials', () => {
  test('draws on what its address has', () => {
    const claims = anonymous('203.0.113.9')
    expect(summary(claims)).toEqual([
      'anonymous-burst 203.0.113.9 200',
      'anonymous-day 203.0.113.9 5000',
      'service-anonymous all 5000',
      'service-burst all 20000',
    ])
    expect(claims).toMatchObject({
      ceiling: 200,
      inFlight: { subject: '203.0.113.9', limit: 64 },
      attempts: { subject: '203.0.113.9' },
      control: null,
    })
  })

  test('shares nothing with another address', () => {
    const [claims] = anonymous('203.0.113.10').claims
    expect(claims?.subject).toBe('203.0.113.10')
  })

  test('has the same claims as the one before it', () => {
    expect(anonymous('203.0.113.9')).toBe(anonymous('203.0.113.9'))
  })
})

describe('the ceiling of one operation', () => {
  test('is that of the level', () => {
    expect(claimsFor({ level: 4 }).ceiling).toBe(1000)
    expect(claimsFor({ level: 5, role: 'curator' }).ceiling).toBe(2000)
  })

  test('is lower where any capacity is', () => {
    expect(claimsFor({ limits: [limit({ capacity: 999 })] }).ceiling).toBe(999)
    expect(claimsFor({ limits: [limit({ of: 'account', capacity: 7 })] }).ceiling).toBe(7)
  })

  test('is not raised by a limit above it', () => {
    expect(claimsFor({ limits: [limit({ of: 'account', capacity: 1e9 })] }).ceiling).toBe(1000)
  })
})

describe('a limit of the account', () => {
  test('stands in place of the policy, be it lower or higher', () => {
    const burst = limit({ of: 'account', partition: 'burst', capacity: 9000, restorePerSecond: 4 })
    const claims = claimsFor({ limits: [burst, limit({ of: 'account', capacity: 1500 })] })
    expect(summary(claims)).toEqual([
      'burst account-1 9000',
      'day account-1 1500',
      'service-burst all 20000',
    ])
    expect(claims.claims[0]?.budget).toMatchObject({ restorePerSecond: 4 })
  })

  test('goes before rows of level and role', () => {
    const policies = createPolicies({
      ...POLICY_ROWS,
      levels: { 2: { day: { capacity: 300_000 } } },
      roles: { user: { day: { capacity: 400_000 } } },
    })
    const limits = [limit({ of: 'account', capacity: 500_000 })]
    expect(capacityOf(claimsFor({ limits }, { policies }), 'day')).toBe(500_000)
    expect(capacityOf(claimsFor({}, { policies }), 'day')).toBe(400_000)
    expect(capacityOf(claimsFor({ role: 'tester' }, { policies }), 'day')).toBe(300_000)
  })

  test('holds for a young account too', () => {
    const limits = [limit({ of: 'account', capacity: 500_000 })]
    expect(capacityOf(claimsFor({ limits, ageMs: 0 }), 'day')).toBe(500_000)
  })
})

function budgets(given: Given) {
  return claimsFor(given).claims.map(({ budget }) => budget)
}

describe('an intervention', () => {
  test('that slows the account down lets its bucket fill more slowly, and its day hold less', () => {
    const given = { interventions: [step({ pace: 0.25 })] }
    expect(budgets(given).slice(0, 2)).toEqual([
      { kind: 'bucket', capacity: 2000, restorePerSecond: 25 },
      { kind: 'window', window: 'day', capacity: 50_000 },
    ])
  })

  test('slows a limit down that was set for the account', () => {
    const limits = [limit({ of: 'account', capacity: 999 })]
    expect(capacityOf(claimsFor({ limits, interventions: [step()] }), 'day')).toBe(499)
  })

  test('leaves a day one point at least', () => {
    const limits = [limit({ of: 'account', capacity: 1 })]
    expect(capacityOf(claimsFor({ limits, interventions: [step({ pace: 0.01 })] }), 'day')).toBe(1)
  })

  test('that slows a key down gives it budgets of its own, and leaves those of the account', () => {
    const interventions = [step({ of: 'key', pace: 0.1 })]
    expect(summary(claimsFor({ interventions }))).toEqual([
      'burst account-1 2000',
      'day account-1 200000',
      'key-burst key-1 2000',
      'key-day key-1 20000',
      'service-burst all 20000',
    ])
    expect(budgets({ interventions })[2]).toMatchObject({ restorePerSecond: 10 })
    const limits = [limit({ capacity: 700 })]
    expect(capacityOf(claimsFor({ interventions, limits }), 'key-day')).toBe(70)
  })

  test('that suspends the account leaves its sessions the control budget, and nothing else', () => {
    const given = { kind: 'session', interventions: [step({ step: 'suspension' })] } as const
    expect(summary(claimsFor(given))).toEqual(['control account-1 60'])
    expect(claimsFor(given).ceiling).toBe(60)
  })

  test('that only notices or revokes changes no budget', () => {
    const interventions = [step({ step: 'notice' }), step({ step: 'revocation' })]
    expect(budgets({ interventions })).toEqual(budgets({}))
  })

  test('counts until its end, and not from then on', () => {
    const interventions = [
      step({ untilMs: NOW.getTime() + 1000 }),
      step({ pace: 0.1, untilMs: NOW.getTime() + 500 }),
    ]
    const client = { principal: principalWith({ interventions }), address: 'a' }
    const dayAfter = (ms: number) => capacityOf(claimsOf(client, POLICIES, after(ms)), 'day')
    expect([0, 499, 500, 999, 1000].map(dayAfter)).toEqual([
      20_000, 20_000, 100_000, 100_000, 200_000,
    ])
  })
})

describe('as time goes by', () => {
  test('the claims of a principal are the same object', () => {
    const client = { principal: principalWith(), address: 'a' }
    const claims = claimsOf(client, POLICIES, NOW)
    expect(claimsOf({ ...client, address: 'b' }, POLICIES, after(DAY_MS))).toBe(claims)
  })

  test('an account has the small day until it is 7 days old, and from then on the large one', () => {
    const client = { principal: principalWith({ ageMs: DAY_MS }), address: 'a' }
    const dayAfter = (ms: number) => capacityOf(claimsOf(client, POLICIES, after(ms)), 'day')
    expect([0, 6 * DAY_MS - 1, 6 * DAY_MS].map(dayAfter)).toEqual([20_000, 20_000, 200_000])
  })

  test('a limit counts until its end, and not from then on', () => {
    const limits = [
      limit({ of: 'account', capacity: 600, validUntilMs: NOW.getTime() + 1000 }),
      limit({ capacity: 500, validUntilMs: NOW.getTime() + 2000 }),
    ]
    const client = { principal: principalWith({ limits }), address: 'a' }
    const ceilingAfter = (ms: number) => claimsOf(client, POLICIES, after(ms)).ceiling
    expect([999, 1000, 1999, 2000].map(ceilingAfter)).toEqual([500, 500, 500, 1000])
    expect(capacityOf(claimsOf(client, POLICIES, after(1000)), 'day')).toBe(200_000)
  })

  test('other policies mean other claims', () => {
    const client = { principal: principalWith(), address: 'a' }
    claimsOf(client, POLICIES, NOW)
    const policies = createPolicies({ ...POLICY_ROWS, ceiling: 10 })
    expect(claimsOf(client, policies, NOW).ceiling).toBe(10)
  })
})

test('a level that a role never reaches has a policy too, so that no principal is without', () => {
  expect(claimsFor({ level: 8, role: 'user' }).ceiling).toBe(2000)
})

test('the control budget pays for what a person needs to stop a key', () => {
  expect([...CONTROL_FIELDS]).toEqual(expect.arrayContaining(['signIn', 'apiKeys', 'revokeApiKey']))
  expect(CONTROL_FIELDS.has('measurementSets')).toBe(false)
})
