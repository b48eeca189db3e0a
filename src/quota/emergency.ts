import { BoundedMap } from './bounded-map.ts'
import type { BudgetLevel } from './quota.ts'

/** What a subject may spend in each minute at one gateway while the store is away, in points. */
export const EMERGENCY = { capacity: 200, seconds: 60 } as const

/** Allowances of one gateway for the time that the store of the budgets is away. Times in ms of a clock that never jumps. */
export class EmergencyAllowances {
  readonly #spent = new BoundedMap<{ startMs: number; points: number }>(SUBJECTS_MAX)

  /** Takes the points, or nothing where fewer are left of this minute. */
  take(subject: string, points: number, nowMs: number): boolean {
    const minute = this.#minute(subject, nowMs)
    if (minute.points + points > EMERGENCY.capacity) return false
    minute.points += points
    return true
  }

  /** Gives back what was not spent, in the minute it was taken in. */
  giveBack(subject: string, points: number, takenAtMs: number): void {
    const minute = this.#spent.get(subject)
    if (minute !== undefined && minute.startMs <= takenAtMs) minute.points -= points
  }

  level(subject: string, nowMs: number): BudgetLevel {
    const minute = this.#minute(subject, nowMs)
    return {
      partition: 'emergency',
      budget: {
        kind: 'bucket',
        capacity: EMERGENCY.capacity,
        restorePerSecond: EMERGENCY.capacity / EMERGENCY.seconds,
      },
      remaining: EMERGENCY.capacity - minute.points,
      resetMs: minute.startMs + EMERGENCY.seconds * 1000 - nowMs,
    }
  }

  #minute(subject: string, nowMs: number): { startMs: number; points: number } {
    const known = this.#spent.get(subject)
    if (known !== undefined && nowMs - known.startMs < EMERGENCY.seconds * 1000) return known
    const fresh = { startMs: nowMs, points: 0 }
    this.#spent.set(subject, fresh)
    return fresh
  }
}

const SUBJECTS_MAX = 10_000
