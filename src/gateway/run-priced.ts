import type { Claims } from '../quota/claims.ts'
import { type InFlight, shareOf } from '../quota/in-flight.ts'
import type { Quota, QuotaRefusal, Reservation } from '../quota/quota.ts'
import type { Claim } from '../quota/store.ts'
import type { Progress } from '../schema/plan/plan.ts'
import { chargeFor } from './charges.ts'
import { shown } from './demand-control.ts'
import type { Receipt } from './receipt.ts'

/** An operation whose price is known. */
export interface PricedOperation {
  readonly claims: Claims
  readonly estimated: number
  /** Points, by what the statement counted; at most the estimate. */
  readonly actual: (counts: readonly number[]) => number
  readonly receipt: Receipt
  readonly signal: AbortSignal | undefined
  /** Throws the refusal that tells the client why this budget does not pay; returns where it runs all the same. */
  readonly refuse: (refusal: QuotaRefusal | 'in-flight') => void
}

export interface Till {
  readonly quota: Quota
  readonly inFlight: Pick<InFlight, 'enter' | 'leave'>
}

/** Runs what was paid for, and notes in `progress` how far it came. */
export type Run<Result> = (progress: Progress) => Promise<Result>

/**
 * Reserves the estimate, runs, gives back what it did not cost: whoever writes the receipt down settles its reservation.
 * @throws {ApiError} RATE_LIMITED, QUOTA_EXCEEDED or CONCURRENCY_LIMITED, before anything has run
 */
export async function runPriced<Result>(
  { quota, inFlight }: Till,
  priced: PricedOperation,
  run: Run<Result>,
): Promise<Result> {
  const { claims } = priced
  const { subject, limit } = claims.inFlight
  const hasEntered = inFlight.enter(subject, shareOf(limit, quota.gateways))
  if (!hasEntered) priced.refuse('in-flight')
  try {
    const reservation = await reserve(quota, priced)
    const progress: Progress = { stage: 'waiting', counts: null, databaseUs: 0 }
    try {
      return await run(progress)
    } finally {
      settle(quota, priced, { reservation, progress })
    }
  } finally {
    if (hasEntered) inFlight.leave(subject)
  }
}

/** null where nothing pays and the operation runs all the same: in measure mode. */
async function reserve(quota: Quota, priced: PricedOperation): Promise<Reservation | null> {
  const { claims, receipt, estimated } = priced
  if (!canHold(claims.claims, estimated)) {
    // Above the ceiling, and not refused for it: no store is asked for what it never has.
    const levels = shown(await quota.look(claims.claims))
    receipt.levels = () => levels
    receipt.isPaidFor = true
    return null
  }
  const asked = quota.reserve(claims.claims, estimated)
  let reserved = asked instanceof Promise ? await asked : asked
  const { control } = claims
  if (
    reserved.kind === 'refused' &&
    receipt.isControl &&
    control !== null &&
    canHold(control, estimated)
  ) {
    reserved = await quota.reserve(control, estimated)
  }
  if (reserved.kind === 'refused') {
    const levels = shown(reserved.levels, reserved.partition)
    receipt.levels = () => levels
    priced.refuse(reserved)
    receipt.isPaidFor = true
    return null
  }
  const { levels } = reserved
  receipt.levels = () => shown(levels())
  receipt.isPaidFor = true
  return reserved
}

interface Ran {
  readonly reservation: Reservation | null
  readonly progress: Progress
}

function settle(quota: Quota, priced: PricedOperation, { reservation, progress }: Ran): void {
  const { estimated, receipt, signal } = priced
  const { stage, counts, refusedActs = 0 } = progress
  // Where a defect keeps it from being worked out.
  let charge = estimated
  try {
    const actual = counts === null ? estimated : priced.actual(counts)
    const isAbandoned = signal?.aborted === true
    charge = chargeFor({ estimated, stage, actual, isAbandoned, refusedActs })
  } finally {
    receipt.actual = charge
    receipt.databaseUs = Math.round(progress.databaseUs)
    receipt.rows = counts?.reduce((sum, count) => sum + count, 0) ?? 0
    if (reservation !== null) {
      receipt.paid = { by: reservation, points: charge }
      quota.giveBack(reservation, charge)
      receipt.refunded = estimated - charge
    }
  }
}

/** Whether so many points fit into each of these budgets when it is full. */
function canHold(claims: readonly Claim[], points: number): boolean {
  return claims.every(({ budget }) => budget.capacity >= points)
}
