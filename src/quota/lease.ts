import type { Grant } from './store.ts'

/** How long a lease is spent from, and how long after that its store waits for what is left, in ms. */
export const LEASE_LIFE_MS = 2_000
/**
 * Longer than an operation may run (5 s), so that none settles in vain; short enough that a gateway that stands still for
 * ten seconds finds its leases forfeited.
 */
export const FORFEIT_AFTER_MS = 7_000

/**
 * Points taken from all budgets of one principal ahead of their use, spent in single synchronous steps. Times are those of a
 * clock that never jumps, counted from before the store was asked: the store's own time ends later, never earlier.
 */
export class Lease {
  readonly id: string
  readonly points: number
  readonly #askedAtMs: number
  #free: number
  #running = 0
  #isRetired = false

  constructor({ id, points }: Grant, askedAtMs: number) {
    this.id = id
    this.points = points
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

  /** Whether operations that drew on it have not settled yet. */
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
    return nowMs - this.#askedAtMs >= LEASE_LIFE_MS + FORFEIT_AFTER_MS
  }

  /** Promises so many points to one operation; false where there are fewer, and nothing is promised then. */
  take(points: number): boolean {
    if (points > this.#free || this.#isRetired) return false
    this.#free -= points
    this.#running += 1
    return true
  }

  /** Ends the promise to one operation; what it did not spend is free again. */
  giveBack(points: number): void {
    this.#free += points
    this.#running -= 1
  }

  /** Nothing is promised any more. */
  retire(): void {
    this.#isRetired = true
  }
}
