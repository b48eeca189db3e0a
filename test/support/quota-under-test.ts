import { randomUUID } from 'node:crypto'

import type {
  Budget,
  Claim,
  Grant,
  Partition,
  QuotaStore,
  Refusal,
  Wanted,
} from '../../src/quota/store.ts'

/** A store, and a hand on what it keeps. */
export interface QuotaUnderTest {
  readonly store: QuotaStore
  /** Another gateway's store over the same budgets; ended with the file. */
  readonly another: () => Promise<QuotaStore>
  /** Makes everything that is kept so many milliseconds older: to the store, time has passed. */
  readonly pass: (ms: number) => Promise<void>
  readonly counters: (claim: Claim) => Promise<Counters>
  /** Forgets everything. */
  readonly empty: () => Promise<void>
}

export interface Counters {
  readonly reserved: number
  readonly refunded: number
  readonly forfeited: number
}

export const DAY_MS = 86_400_000

/** So slow that nothing comes back during a test, unless time is made to pass. */
export const SLOW_PER_SECOND = 1e-6

/** A bucket of somebody new. */
export function bucket(capacity: number, restorePerSecond = SLOW_PER_SECOND): Claim {
  return claim('burst', { kind: 'bucket', capacity, restorePerSecond })
}

/** A calendar window of somebody new. */
export function calendarWindow(capacity: number, window: 'day' | 'month' = 'day'): Claim {
  return claim(window === 'day' ? 'day' : 'service-month', { kind: 'window', window, capacity })
}

function claim(partition: Partition, budget: Budget): Claim {
  return { partition, subject: randomUUID(), budget }
}

/** The same budget under another policy. */
export function withCapacity(claimed: Claim, capacity: number): Claim {
  return { ...claimed, budget: { ...claimed.budget, capacity } }
}

export const exactly = (points: number): Wanted => ({ points, lease: 'never', forfeitMs: 12_000 })

export const atLeast = (points: number): Wanted => ({ ...exactly(points), lease: 'allowed' })

export async function granted(asked: Promise<Grant | Refusal>): Promise<Grant> {
  const answer = await asked
  if (answer.kind === 'refused') throw new Error(`${answer.partition} holds too little.`)
  return answer
}

export async function refused(asked: Promise<Grant | Refusal>): Promise<Refusal> {
  const answer = await asked
  if (answer.kind === 'granted') throw new Error(`${answer.points} points were granted.`)
  return answer
}

/** Whole points that the claims hold; what came back during a test is less than half of one. */
export async function remaining(store: QuotaStore, ...claims: Claim[]): Promise<readonly number[]> {
  const levels = await store.levels(claims)
  return levels.map((level) => Math.round(level.remaining))
}
