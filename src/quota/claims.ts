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
  /** What CONTROL_FIELDS draw on where the claims hold too little; null for whoever is not signed in. */
  readonly control: readonly Claim[] | null
}

/**
 * Names of the root fields for which the control budget pays, where the account's own budgets are empty: what a person
 * needs to see what happened, and to stop it. An operation has it only where all of its root fields are among these.
 */
export const CONTROL_FIELDS: ReadonlySet<string> = new Set([
  'signIn',
  'signOut',
  'signOutEverywhere',
  'me',
  'apiKeys',
  'revokeApiKey',
  'updateApiKey',
  'usage',
])

/** The budgets that apply to this client now: the policy's for its level and role, with the limits that were set for it. */
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
  const claims: readonly Claim[] = [
    { partition: 'anonymous-burst', subject: address, budget: burst },
    { partition: 'anonymous-day', subject: address, budget: day },
    { partition: 'service-anonymous', subject: 'all', budget: anonymous },
    ...serviceClaims(policies),
  ]
  const made: Claims = {
    claims,
    ceiling: ceilingOf(claims, ceiling),
    inFlight: { subject: address, limit: inFlight },
    attempts: { subject: address, budget: policies.attempts },
    control: null,
  }
  known.anonymous.set(address, made)
  return made
}

function accountClaims(principal: Principal, policies: Policies, nowMs: number): DatedClaims {
  const { standing, accountId, keyId, budget } = principal
  if (standing.kind === 'anonymous' || accountId === null) throw new Error('No account, no claims.')
  const policy = policies.accounts[standing.role][standing.level]
  if (policy === undefined) throw new Error(`There is no policy for level ${standing.level}.`)
  const limits = budget.limits.filter((limit) => endOf(limit) > nowMs)
  const oldFromMs = (budget.accountCreatedAtMs ?? 0) + YOUNG_MS
  const isYoung = nowMs < oldFromMs

  const claims: readonly Claim[] = [
    ...accountOwnClaims(accountId, limits, {
      ...policy,
      day: isYoung ? policy.youngDay : policy.day,
    }),
    ...(keyId === null ? [] : keyClaims(keyId, limits)),
    ...serviceClaims(policies),
  ]
  return {
    claims: {
      claims,
      ceiling: ceilingOf(claims, policy.ceiling),
      inFlight: { subject: accountId, limit: policy.inFlight },
      attempts: { subject: attemptsOf(standing.kind, accountId), budget: policies.attempts },
      control: standing.kind === 'session' ? controlClaims(accountId, policy) : null,
    },
    validUntilMs: Math.min(isYoung ? oldFromMs : Infinity, ...limits.map(endOf)),
  }
}

/** Apart from the keys': whatever a key of his draws upon itself, the owner can still sign in and stop it. */
function attemptsOf(kind: 'key' | 'session', accountId: string): string {
  return kind === 'key' ? accountId : `${accountId}/sessions`
}

/** A limit that was set for the account stands in place of the policy's, for a young account too. */
function accountOwnClaims(
  subject: string,
  limits: readonly GivenLimit[],
  policy: Pick<AccountPolicy, 'burst' | 'day'>,
): readonly Claim[] {
  return (['burst', 'day'] as const).map((partition) => {
    const limit = limits.find((given) => given.of === 'account' && given.partition === partition)
    const budget = limit === undefined ? policy[partition] : budgetOf(limit)
    return { partition, subject, budget }
  })
}

function keyClaims(subject: string, limits: readonly GivenLimit[]): readonly Claim[] {
  return limits
    .filter((limit) => limit.of === 'key')
    .map((limit) => ({ partition: `key-${limit.partition}`, subject, budget: budgetOf(limit) }))
}

function serviceClaims({ service }: Policies): readonly Claim[] {
  const burst: Claim = { partition: 'service-burst', subject: 'all', budget: service.burst }
  if (service.month === null) return [burst]
  return [burst, { partition: 'service-month', subject: 'all', budget: service.month }]
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
