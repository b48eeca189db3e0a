/** Names of the budgets that a reservation can draw on; the rows of the policy table. */
export type Partition =
  | 'burst'
  | 'day'
  | 'key-burst'
  | 'key-day'
  | 'anonymous-burst'
  | 'anonymous-day'
  | 'control'
  | 'service-anonymous'
  | 'service-burst'
  | 'service-month'

/** How much there is, in points, and how it comes back: little by little, or all at once when a calendar window (UTC) ends. */
export type Budget =
  | { readonly kind: 'bucket'; readonly capacity: number; readonly restorePerSecond: number }
  | { readonly kind: 'window'; readonly window: 'day' | 'month'; readonly capacity: number }

/** One budget that an operation draws on. */
export interface Claim {
  readonly partition: Partition
  /** Whose it is: the UUID of an account or key, a client's network, or `all`. */
  readonly subject: string
  readonly budget: Budget
}

/** What a budget holds at the moment of the answer. */
export interface Level {
  readonly partition: Partition
  /** Points, 0 or more; fractions of a bucket included. */
  readonly remaining: number
  /** Milliseconds until it is full again: a bucket at its rate, a window at its end. */
  readonly resetMs: number
}

/** What a reservation asks for. */
export interface Wanted {
  /** Whole points, 1 or more, at most any capacity among the claims. */
  readonly points: number
  /** Whether the store may take a lease's worth instead, where the budgets are ample; see LEASE. */
  readonly lease: 'allowed' | 'never'
  /** Milliseconds after which the reservation is forfeited unless it was settled. */
  readonly forfeitMs: number
}

/** Points taken from every claim, to be settled once under this id. Levels are those after it, in the order of the claims. */
export interface Grant {
  readonly kind: 'granted'
  readonly id: string
  /** At least what was asked for; more where it is a lease. */
  readonly points: number
  readonly levels: readonly Level[]
  /** By the store's clock, in microseconds since 1970. */
  readonly takenAtUs: number
}

/** Nothing was taken: this claim holds less than was asked for. */
export interface Refusal {
  readonly kind: 'refused'
  readonly partition: Partition
  /** Milliseconds until every claim will hold what was asked for, as long as nobody else draws on it. */
  readonly waitMs: number
  readonly levels: readonly Level[]
}

/**
 * A lease takes this share of what is left, or less: the smallest that any of its claims gives. Where that is less than so
 * many times what was asked for, there is none. Of budgets that everybody shares it takes a tenth of that: leases that lie
 * idle, one for each principal at each gateway, must not lock up what all others need.
 */
export const LEASE = { share: 0.05, sharedShare: 0.005, timesMin: 10 } as const

/** The share of what this budget holds that a lease takes at most. */
export function leaseShareOf({ partition }: Claim): number {
  return partition.startsWith('service-') ? LEASE.sharedShare : LEASE.share
}

/** Points that a lease holds at least; infinite where none is wanted. */
export function leaseMinOf({ points, lease }: Wanted): number {
  return lease === 'allowed' ? points * LEASE.timesMin : Infinity
}

/** What all gateways do to budgets together; one store is shared by all of them. Its clock is the only one that counts. */
export interface QuotaStore {
  /** Takes the same points from every claim, or nothing from any. Never oversells. Rejects only on outage. */
  reserve(claims: readonly Claim[], wanted: Wanted): Promise<Grant | Refusal>
  /**
   * Gives back what the grant did not spend, to every claim that still is in the window it was taken from, up to full.
   * Idempotent: a grant that is settled or forfeited changes nothing any more. Rejects only on outage.
   */
  settle(id: string, spent: number): Promise<void>
  /** What the claims hold, in their order; takes nothing. Rejects only on outage. */
  levels(claims: readonly Claim[]): Promise<readonly Level[]>
  /**
   * Counts this gateway (a UUID) among the living for the next 5 s, and closes every grant that was not settled in time:
   * its points stay spent, once. Rejects only on outage.
   */
  tend(gateway: string): Promise<Tended>
  /** Grants that were forfeited, oldest first, until somebody has taken note of them. Rejects only on outage. */
  forfeits(): Promise<readonly Forfeit[]>
  /** Somebody has taken note of these. Idempotent. */
  noteForfeits(ids: readonly string[]): Promise<void>
  /** What was drawn on every budget of these partitions, together by subject. Holds everybody up for a moment. Rejects only on outage. */
  debits(partitions: readonly Partition[]): Promise<Debits>
  /** Takes this gateway off the list of the living. */
  leave(gateway: string): Promise<void>
  close(): Promise<void>
}

/** Points of a grant that nobody settled: they stay spent. Times by the store's clock, in microseconds since 1970. */
export interface Forfeit {
  readonly id: string
  readonly points: number
  readonly takenAtUs: number
  readonly forfeitedAtUs: number
  /** The budgets that they were taken from. */
  readonly claims: readonly Pick<Claim, 'partition' | 'subject'>[]
}

/** What was drawn on the budgets of one partition that has one for each subject, all at one moment. */
export interface Debits {
  /** By the store's clock, in microseconds since 1970: all that was taken by then is in here, and nothing else. */
  readonly atUs: number
  /** Subject -> points that grants took which are settled or forfeited, less what they gave back. */
  readonly bySubject: ReadonlyMap<string, number>
  /** Ids of the grants that are neither. */
  readonly open: ReadonlySet<string>
  /** When the oldest of them was taken; `atUs` where there is none. */
  readonly openSinceUs: number
  /** Forfeits that nobody has taken note of. */
  readonly forfeits: readonly Forfeit[]
}

export interface Tended {
  /** Gateways alive now, this one included. */
  readonly gateways: number
  /** Grants closed now. */
  readonly forfeited: number
}
