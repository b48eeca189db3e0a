import type { Grant } from './store.ts'

/** How long a lease is spent from, in ms. */
export const LEASE_LIFE_MS = 2_000
/**
 * How long after its grant a store waits for what is left of a lease, in ms: longer than the life of a lease and the 5 s that
 * an operation may run, so that none settles in vain; short enough that a gateway that stands still for ten seconds finds
 * its leases forfeited.
 */
export const FORFEIT_MS = 9_000

/**
 * Points taken from all budgets of one principal ahead of their use, spent in single synchronous steps. Times are those of a
 * clock that never jumps, counted from before the store was asked: the store's own time ends later, never earlier.
 */
export class Lease {
  readonly id: string
  readonly points: number
  readonly takenAtUs: number
  readonly #askedAtMs: number
  #free: number
  #running = 0
  #isRetired = false

  constructor({ id, points, takenAtUs }: Grant, askedAtMs: number) {
    this.id = id
    this.points = points
    this.takenAtUs = takenAtUs
    this.#free = points
    this.#askedAtMs = askedAtMs
  }

  /** Points that nothing has been promised. */
  get free(): number {
    return this.#free
  }

  /** Points that are gone, or may be by the time that everything has settled. */
  get spent(): number {
    return this.points - this.#free
  }

  /** Whether operations that drew on it have not ended yet. */
  get isBusy(): boolean {
    return this.#running > 0
  }

  get isRetired(): boolean {
    return this.#isRetired
  }

  hasEnded(nowMs: number): boolean {
    return nowMs - this.#askedAtMs >= LEASE_LIFE_MS
  }

  /** Whether the store may have closed it. Until then its points are nobody else's, ended or not. */
  isForfeit(nowMs: number): boolean {
    return nowMs - this.#askedAtMs >= FORFEIT_MS
  }

  /** Promises so many points, 1 or more, to one operation; false where there are fewer, and nothing is promised then. */
  take(points: number): boolean {
    if (this.#isRetired || !(points >= 1 && points <= this.#free)) return false
    this.#free -= points
    this.#running += 1
    return true
  }

  /** What an operation did not spend is free again. */
  giveBack(points: number): void {
    this.#free += points
  }

  /** Ends the promise to one operation. */
  end(): void {
    this.#running -= 1
  }

  /** Nothing is promised any more. */
  retire(): void {
    this.#isRetired = true
  }
}
