import { apiError } from '../errors.ts'
import { BoundedMap } from './bounded-map.ts'
import { Held } from './held.ts'
import { levelsNow, type Reading } from './levels-now.ts'
import type { BudgetLevel, QuotaRefusal, Reservation } from './quota.ts'
import type { Claim } from './store.ts'

/** What a subject may spend in each minute at one gateway while the store is away, in points. */
export const EMERGENCY = { capacity: 200, seconds: 60 } as const

const BUDGET = {
  kind: 'bucket',
  capacity: EMERGENCY.capacity,
  restorePerSecond: EMERGENCY.capacity / EMERGENCY.seconds,
} as const

interface Minute {
  readonly startMs: number
  points: number
}

/** The ceiling in money, as the store last spoke of it, and what was drawn on it since without telling the store. */
interface Month {
  readonly reading: Reading
  drawn: number
}

/** What one gateway grants on its own while the store of the budgets is away. By a clock, in ms, that never jumps. */
export class EmergencyAllowances {
  readonly #monotonic: () => number
  readonly #minutes = new BoundedMap<Minute>(SUBJECTS_MAX)
  #month: Month | null = null

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic
  }

  /** Notes what the store said of the ceiling in money: that stays closed where it was. */
  note({ claims, levels, atMs }: Reading): void {
    const place = claims.findIndex(isMonth)
    const [claim, level] = [claims[place], levels[place]]
    if (claim === undefined || level === undefined) return
    this.#month = { reading: { claims: [claim], levels: [level], atMs }, drawn: 0 }
  }

  /**
   * Takes the points from this minute of whoever the first claim belongs to, or nothing where it holds too few.
   * @throws {ApiError} UNAVAILABLE where there is a ceiling in money, and the store never told this gateway how near it is
   */
  reserve(claims: readonly Claim[], points: number): Reservation | QuotaRefusal {
    const hasCeiling = claims.some(isMonth)
    const month = hasCeiling ? this.#month : null
    if (hasCeiling && month === null) throw apiError('UNAVAILABLE')
    const ceiling = month === null ? undefined : this.#ceiling(month)
    if (ceiling !== undefined && ceiling.remaining < points) {
      const levels = [...this.levels(claims), ceiling]
      return { kind: 'refused', partition: 'service-month', waitMs: ceiling.resetMs, levels }
    }
    const minute = this.#minute(claims)
    if (minute.points + points > EMERGENCY.capacity) {
      const levels = this.levels(claims)
      return { kind: 'refused', partition: 'emergency', waitMs: levels[0]?.resetMs ?? 0, levels }
    }
    const draw = (amount: number): void => {
      minute.points += amount
      if (month !== null) month.drawn += amount
    }
    draw(points)
    return new Held({
      points,
      mode: 'emergency',
      lease: null,
      levels: () => this.levels(claims),
      giveBack: (spent) => draw(spent - points),
      close: () => {},
    })
  }

  /** What is left of this minute. */
  levels(claims: readonly Claim[]): readonly BudgetLevel[] {
    const { startMs, points } = this.#minute(claims)
    const resetMs = startMs + EMERGENCY.seconds * 1000 - this.#monotonic()
    const remaining = EMERGENCY.capacity - points
    return [{ partition: 'emergency', budget: BUDGET, remaining, resetMs }]
  }

  #ceiling({ reading, drawn }: Month): BudgetLevel | undefined {
    const [level] = levelsNow(reading, this.#monotonic())
    return level && { ...level, remaining: Math.max(0, level.remaining - drawn) }
  }

  #minute(claims: readonly Claim[]): Minute {
    const subject = claims[0]?.subject ?? ''
    const nowMs = this.#monotonic()
    const known = this.#minutes.get(subject)
    if (known !== undefined && nowMs - known.startMs < EMERGENCY.seconds * 1000) return known
    const fresh = { startMs: nowMs, points: 0 }
    this.#minutes.set(subject, fresh)
    return fresh
  }
}

const SUBJECTS_MAX = 10_000

function isMonth({ partition }: Claim): boolean {
  return partition === 'service-month'
}
