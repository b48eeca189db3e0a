import { type AccessLevel, LEVELS, ROLE_CAPS } from '../auth/access.ts'
import type { AccountRole } from '../database/tables.generated.ts'
import type { AttemptsClaim } from './attempts.ts'
import {
  type AccountRows,
  type BucketRow,
  type PolicyRows,
  type WindowRow,
  appliedRow,
} from './policy-rows.ts'
import { NO_SHARES, type Shares } from './shares.ts'
import type { Budget } from './store.ts'

/** What applies to whoever comes without credentials, for each client address. */
export interface AnonymousPolicy {
  readonly burst: Budget
  readonly day: Budget
  /** Operations at the same time. */
  readonly inFlight: number
  /** Points that one operation may cost at most. */
  readonly ceiling: number
}

/** What applies to an account of one role at one level. */
export interface AccountPolicy extends AnonymousPolicy {
  /** In place of `day` until the account is 7 days old; never more than `day`. */
  readonly youngDay: Budget
  readonly control: Budget
}

/** The policy table, ready to be looked up. */
export interface Policies {
  readonly anonymous: AnonymousPolicy
  /** In attempts, not in points; for an account, and for an address without one. */
  readonly attempts: AttemptsClaim['budget']
  /** Everybody together. */
  readonly service: {
    readonly anonymous: Budget
    readonly burst: Budget
    readonly month: Budget | null
  }
  /** By role, then by level. */
  readonly accounts: Readonly<Record<AccountRole, readonly AccountPolicy[]>>
  /** What the ceiling of this month changes about them. */
  readonly shares: Shares
}

/** The policies that these rows make, frozen throughout. */
export function createPolicies(rows: PolicyRows): Policies {
  const month = rows['service-month']
  return Object.freeze({
    anonymous: Object.freeze({
      burst: bucketOf(rows['anonymous-burst']),
      day: windowOf('day', rows['anonymous-day']),
      inFlight: rows['anonymous-in-flight'],
      ceiling: rows['anonymous-ceiling'],
    }),
    attempts: bucketOf(rows.attempts),
    service: Object.freeze({
      anonymous: bucketOf(rows['service-anonymous']),
      burst: bucketOf(rows['service-burst']),
      month: month === null ? null : windowOf('month', month),
    }),
    accounts: accountPolicies(rows),
    shares: NO_SHARES,
  })
}

/** The same policies where these shares hold. Whoever has to stop has to where one operation may cost more than is left. */
export function withShares(policies: Policies, { month, ...shares }: Shares): Policies {
  const least = highestCeiling(policies)
  return Object.freeze({
    ...policies,
    shares: {
      ...shares,
      month: month && {
        capacity: Math.max(least, month.capacity),
        capacityOfSlowed: Math.max(least, month.capacityOfSlowed),
      },
    },
  })
}

/** Points that an operation of anybody may cost: no budget holds less when it is full. */
function highestCeiling({ anonymous, accounts }: Policies): number {
  const all = Object.values(accounts).flat()
  return Math.max(anonymous.ceiling, ...all.map(({ ceiling }) => ceiling))
}

function accountPolicies(rows: PolicyRows): Policies['accounts'] {
  const roles = Object.keys(ROLE_CAPS) as AccountRole[] // the table has exactly one row for each
  const byRole = roles.map((role) => {
    const byLevel = LEVELS.map((level) => accountPolicy(rows, { role, level }))
    return [role, Object.freeze(byLevel)] as const
  })
  return Object.freeze(Object.fromEntries(byRole) as Policies['accounts']) // every role was walked
}

function accountPolicy(
  rows: PolicyRows,
  who: { readonly role: AccountRole; readonly level: AccessLevel },
): AccountPolicy {
  const rowOf = <Name extends keyof AccountRows>(name: Name): AccountRows[Name] =>
    appliedRow(rows, name, who).row
  const day = rowOf('day')
  const youngDay = rowOf('young-day')
  return Object.freeze({
    burst: bucketOf(rowOf('burst')),
    day: windowOf('day', day),
    youngDay: windowOf('day', youngDay.capacity < day.capacity ? youngDay : day),
    control: bucketOf(rowOf('control')),
    inFlight: rowOf('in-flight'),
    ceiling: rowOf('ceiling'),
  })
}

function bucketOf({ capacity, restorePerSecond }: BucketRow): AttemptsClaim['budget'] {
  return Object.freeze({ kind: 'bucket', capacity, restorePerSecond })
}

function windowOf(window: 'day' | 'month', { capacity }: WindowRow): Budget {
  return Object.freeze({ kind: 'window', window, capacity })
}
