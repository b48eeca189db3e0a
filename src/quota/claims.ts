import { endOf as endOfStep, inForce, paceOf, stepInForce } from '../auth/interventions.ts'
import type { GivenLimit, Principal } from '../auth/principal.ts'
import type { AttemptsClaim } from './attempts.ts'
import { BoundedMap } from './bounded-map.ts'
import type { AccountPolicy, Policies } from './policies.ts'
import type { Budget, Claim } from './store.ts'

/** Who asks, by what decides his budgets. */
export interface Claimant {
  readonly principal: Principal
  /** The client's network; what the budgets of a client without credentials are kept under. */
  readonly address: string
}

/** Every budget of one client. The same object as long as they stay the same. */
export interface Claims {
  /** What each operation draws on: all of them, or none. */
  readonly claims: readonly Claim[]
  /** Points that one operation may cost at most: never more than the smallest capacity among the claims. */
  readonly ceiling: number
  /** Operations at the same time, over all gateways. */
  readonly inFlight: { readonly subject: string; readonly limit: number }
  readonly attempts: AttemptsClaim
  /** What CONTROL_FIELDS draw on where the claims hold too little; null where there is nothing else. */
  readonly control: readonly Claim[] | null
  /** Whether it is a person: what CONTROL_FIELDS are refused for draws no attempts of his. */
  readonly isSignedIn: boolean
}

/**
 * Names of the root fields for which the control budget pays, where the budgets of the client are empty: what a person
 * needs to see what happened, and to stop it. An operation has it only where all of its root fields are among these.
 */
export const CONTROL_FIELDS: ReadonlySet<string> = new Set([
  'signIn',
  'signInWithLink',
  'requestSignInLink',
  'refreshSession',
  'signOut',
  'signOutEverywhere',
  'me',
  'apiKeys',
  'revokeApiKey',
  'updateApiKey',
  'requestHigherLimit',
  'usage',
])

/**
 * The budgets that apply to this client now: the policy's for its level and role, with the limits that were set for it, and
 * slower where somebody intervened. While the account is suspended its sessions have the control budget alone.
 */
export function claimsOf(client: Claimant, policies: Policies, now: Date): Claims {
  const known = knownBy(policies)
  const { principal, address } = client
  if (principal.accountId === null) {
    return known.anonymous.get(address) ?? rememberAnonymous(known, policies, address)
  }
  const dated = known.accounts.get(principal)
  if (dated !== undefined && now.getTime() < dated.validUntilMs) return dated.claims
  const made = accountClaims(principal, policies, now.getTime())
  known.accounts.set(principal, made)
  return made.claims
}

/** Claims, and the time from when on they may be others. */
interface DatedClaims {
  readonly claims: Claims
  readonly validUntilMs: number
}

interface KnownClaims {
  readonly accounts: WeakMap<Principal, DatedClaims>
  readonly anonymous: BoundedMap<Claims>
}

const ADDRESSES_MAX = 10_000
const YOUNG_MS = 7 * 86_400_000

const knownClaims = new WeakMap<Policies, KnownClaims>()

function knownBy(policies: Policies): KnownClaims {
  const known = knownClaims.get(policies)
  if (known !== undefined) return known
  const empty = { accounts: new WeakMap(), anonymous: new BoundedMap<Claims>(ADDRESSES_MAX) }
  knownClaims.set(policies, empty)
  return empty
}

function rememberAnonymous(known: KnownClaims, policies: Policies, address: string): Claims {
  const { burst, day, ceiling, inFlight } = policies.anonymous
  const { anonymous } = policies.service
  const rate = policies.shares.anonymousRate
  const claims: readonly Claim[] = [
    { partition: 'anonymous-burst', subject: address, budget: burst },
    { partition: 'anonymous-day', subject: address, budget: day },
    { partition: 'service-anonymous', subject: 'all', budget: filling(anonymous, rate) },
    ...serviceClaims(policies, rate !== null),
  ]
  const made: Claims = {
    claims,
    ceiling: ceilingOf(claims, ceiling),
    inFlight: { subject: address, limit: inFlight },
    attempts: { subject: address, budget: policies.attempts },
    control: signInClaims(claims),
    isSignedIn: false,
  }
  known.anonymous.set(address, made)
  return made
}

function accountClaims(principal: Principal, policies: Policies, nowMs: number): DatedClaims {
  const { standing, accountId, keyId, budget } = principal
  const interventions = inForce(principal.interventions, nowMs)
  if (standing.kind === 'anonymous' || accountId === null) throw new Error('No account, no claims.')
  const policy = policies.accounts[standing.role][standing.level]
  if (policy === undefined) throw new Error(`There is no policy for level ${standing.level}.`)
  const limits = budget.limits.filter((limit) => endOf(limit) > nowMs)
  const oldFromMs = (budget.accountCreatedAtMs ?? 0) + YOUNG_MS
  const isYoung = nowMs < oldFromMs

  const own = ownBudgets(limits, { ...policy, day: isYoung ? policy.youngDay : policy.day })
  const accountPace = paceOf(interventions, 'account', nowMs)
  const rate = policies.shares.rates.get(accountId) ?? null
  const claims: readonly Claim[] =
    stepInForce(interventions, 'suspension', nowMs) === null
      ? [
          ...accountOwnClaims(accountId, shared(slowed(own, accountPace), rate)),
          ...(keyId === null
            ? []
            : keyClaims(keyId, limits, { own, pace: paceOf(interventions, 'key', nowMs) })),
          ...serviceClaims(policies, rate !== null),
        ]
      : controlClaims(accountId, policy)
  return {
    claims: {
      claims,
      ceiling: ceilingOf(claims, policy.ceiling),
      inFlight: { subject: accountId, limit: policy.inFlight },
      attempts: { subject: attemptsOf(standing.kind, accountId), budget: policies.attempts },
      control: standing.kind === 'session' ? controlClaims(accountId, policy) : null,
      isSignedIn: standing.kind === 'session',
    },
    validUntilMs: Math.min(
      isYoung ? oldFromMs : Infinity,
      ...limits.map(endOf),
      ...interventions.map(endOfStep),
    ),
  }
}

/** Apart from the keys': whatever a key of his draws upon itself, the owner can still sign in and stop it. */
function attemptsOf(kind: 'key' | 'session', accountId: string): string {
  return kind === 'key' ? accountId : `${accountId}/sessions`
}

/** The largest limit that was set for the account stands in place of the policy's, for a young account too. */
function ownBudgets(limits: readonly GivenLimit[], policy: OwnBudgets): OwnBudgets {
  const budgetFor = (partition: keyof OwnBudgets): Budget => {
    const limit = largest(limits, { of: 'account', partition })
    return limit === null ? policy[partition] : budgetOf(limit)
  }
  return { burst: budgetFor('burst'), day: budgetFor('day') }
}

/** null where none was set. */
function largest(
  limits: readonly GivenLimit[],
  { of, partition }: Pick<GivenLimit, 'of' | 'partition'>,
): GivenLimit | null {
  return limits
    .filter((given) => given.of === of && given.partition === partition)
    .reduce<GivenLimit | null>(
      (most, given) => (most !== null && most.capacity >= given.capacity ? most : given),
      null,
    )
}

type OwnBudgets = Pick<AccountPolicy, 'burst' | 'day'>

function accountOwnClaims(subject: string, own: OwnBudgets): readonly Claim[] {
  return (['burst', 'day'] as const).map((partition) => {
    return { partition, subject, budget: own[partition] }
  })
}

/** What its owner set for the key; and where the key is slowed down, whatever it could draw of the account's. */
function keyClaims(
  subject: string,
  limits: readonly GivenLimit[],
  { own, pace }: { readonly own: OwnBudgets; readonly pace: number },
): readonly Claim[] {
  return (['burst', 'day'] as const).flatMap((partition): Claim[] => {
    const limit = largest(limits, { of: 'key', partition })
    if (limit === null && pace === 1) return []
    const budget = limit === null ? own[partition] : budgetOf(limit)
    return [{ partition: `key-${partition}`, subject, budget: slowedBudget(budget, pace) }]
  })
}

/** These budgets at a slower pace: a bucket fills so much slower, a day holds so much less, and at least one point. */
export function slowed(policy: OwnBudgets, factor: number): OwnBudgets {
  if (factor === 1) return policy
  return { burst: slowedBudget(policy.burst, factor), day: slowedBudget(policy.day, factor) }
}

function slowedBudget(budget: Budget, factor: number): Budget {
  if (factor === 1) return budget
  if (budget.kind === 'window') {
    return { ...budget, capacity: Math.max(1, Math.floor(budget.capacity * factor)) }
  }
  return { ...budget, restorePerSecond: budget.restorePerSecond * factor }
}

/** These budgets where the account has no more than its share of what the month leaves; null: as they are. */
function shared(own: OwnBudgets, rate: number | null): OwnBudgets {
  return rate === null ? own : { ...own, burst: filling(own.burst, rate) }
}

/** This budget, filling at so many points per second at most; null: as it does. */
function filling(budget: Budget, rate: number | null): Budget {
  if (rate === null || budget.kind === 'window') return budget
  return { ...budget, restorePerSecond: Math.min(budget.restorePerSecond, rate) }
}

function serviceClaims(policies: Policies, isSlowed: boolean): readonly Claim[] {
  const { service, shares } = policies
  const burst: Claim = { partition: 'service-burst', subject: 'all', budget: service.burst }
  const capacity = Math.min(
    service.month?.capacity ?? Infinity,
    shares.month?.[isSlowed ? 'capacityOfSlowed' : 'capacity'] ?? Infinity,
  )
  if (capacity === Infinity) return [burst]
  const budget: Budget = { kind: 'window', window: 'month', capacity }
  return [burst, { partition: 'service-month', subject: 'all', budget }]
}

/** However much the month has cost: an owner can sign in. Null where the claims are the same. */
function signInClaims(claims: readonly Claim[]): readonly Claim[] | null {
  const others = claims.filter(({ partition }) => partition !== 'service-month')
  return others.length === claims.length ? null : others
}

/** Nothing of the service's: however much others ask for, an owner can stop a key of his. */
function controlClaims(subject: string, { control }: AccountPolicy): readonly Claim[] {
  return [{ partition: 'control', subject, budget: control }]
}

function budgetOf({ capacity, restorePerSecond }: GivenLimit): Budget {
  if (restorePerSecond === null) return { kind: 'window', window: 'day', capacity }
  return { kind: 'bucket', capacity, restorePerSecond }
}

function ceilingOf(claims: readonly Claim[], ceiling: number): number {
  return Math.min(ceiling, ...claims.map(({ budget }) => budget.capacity))
}

function endOf({ validUntilMs }: GivenLimit): number {
  return validUntilMs ?? Infinity
}
