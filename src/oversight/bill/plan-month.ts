import { fairLevel } from './fair-level.ts'

/** Somebody who uses the service, and what that has cost. Money in units of the currency. */
export interface Spender {
  /** UUID of an account; null: all who come without credentials, together. */
  readonly id: string | null
  /** In this month. */
  readonly spent: number
  /** Of late. */
  readonly spentPerSecond: number
  /** What a point of his has cost of late. */
  readonly pointPrice: number
}

/** How somebody is slowed down, in points per second. */
export interface Slowed {
  /** The rate at which his budget fills. */
  readonly restorePerSecond: number
  /** What he used before. */
  readonly demandPerSecond: number
}

/** A month that has a ceiling, up to now. Money in units of the currency, the rest in seconds and points. */
export interface MonthSoFar {
  readonly ceiling: number
  /** By everybody, those who are gone too. */
  readonly spent: number
  readonly secondsLeft: number
  /** Points drawn on the budget service-month. */
  readonly drawn: number
  /** What a point has cost of late, all in all; above 0. */
  readonly pointPrice: number
  readonly spenders: readonly Spender[]
  /** Those who are slowed down now. */
  readonly slowed: ReadonlyMap<string | null, Slowed>
}

export interface MonthPlan {
  /** Points of the budget service-month at which the ceiling is reached. */
  readonly capacity: number
  /** Points of it at which those have to stop who are slowed down. */
  readonly capacityOfSlowed: number
  readonly slowed: ReadonlyMap<string | null, Slowed>
}

/** What somebody will want, by what he used of late: use is not the same every day. */
const MARGIN = 1.1
/** Share of the ceiling that is never planned for: those have it who are not slowed down. */
const SPARE = 0.005
/** Who was slowed down is not any more once he wants less than this share of the level. */
const RELEASED = 0.9
/** Somebody who uses less than this share of his rate does not want any more what he once did. */
const PRESSING = 0.5
const RATE_MIN = 1e-6
const RATE_MAX = 1e9
/** What a capacity can be. */
export const CAPACITY_MAX = 2_147_483_647

/**
 * How the rest of the month is shared so that the ceiling holds: by max-min fairness of what each has spent by its end. Whoever
 * wants more than the fair level gets a rate that brings him there, and has to stop before what the others want is touched;
 * nobody else notices. With enough for all nobody is slowed down.
 */
export function planMonth(month: MonthSoFar): MonthPlan {
  const { ceiling, spent, drawn, pointPrice, spenders } = month
  const wishes = spenders.map((spender) => wishOf(spender, month))
  const ofSpenders = sumOf(wishes.map(({ used }) => used))
  const level = fairLevel(wishes, ceiling * (1 - SPARE) - (spent - ofSpenders))
  const heavy = wishes.filter((wish) => isAbove(wish, level))
  const ofOthers = sumOf(
    wishes.filter((wish) => !heavy.includes(wish)).map(({ used, wanted }) => wanted - used),
  )
  const left = ceiling - spent
  const kept = Math.max(ofOthers, SPARE * ceiling)
  return {
    capacity: pointsAt(drawn + left / pointPrice),
    capacityOfSlowed: pointsAt(drawn + (left - kept) / pointPrice),
    slowed: new Map(heavy.map((wish) => [wish.id, slowedTo(wish, level, month)])),
  }
}

interface Wish {
  readonly id: string | null
  readonly used: number
  readonly wanted: number
  readonly pointPrice: number
  readonly demandPerSecond: number
  readonly wasSlowed: boolean
}

function wishOf(spender: Spender, { slowed, secondsLeft }: MonthSoFar): Wish {
  const { id, spent, pointPrice } = spender
  const before = slowed.get(id)
  const observed = spender.spentPerSecond / pointPrice
  // Whoever is slowed down uses what he may, not what he wants.
  const isPressing = before !== undefined && observed >= before.restorePerSecond * PRESSING
  const demandPerSecond = isPressing ? Math.max(observed, before.demandPerSecond) : observed
  const wanted = spent + demandPerSecond * pointPrice * MARGIN * secondsLeft
  return { id, used: spent, wanted, pointPrice, demandPerSecond, wasSlowed: before !== undefined }
}

function isAbove({ wanted, demandPerSecond, wasSlowed }: Wish, level: number): boolean {
  return demandPerSecond > 0 && wanted > (wasSlowed ? level * RELEASED : level)
}

function slowedTo({ used, pointPrice, demandPerSecond }: Wish, level: number, month: MonthSoFar) {
  const rate = Math.max(0, level - used) / Math.max(1, month.secondsLeft) / pointPrice
  return { restorePerSecond: Math.min(RATE_MAX, Math.max(RATE_MIN, rate)), demandPerSecond }
}

function pointsAt(points: number): number {
  return Math.min(CAPACITY_MAX, Math.max(0, Math.floor(points)))
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
