import { type Lease, LEASE_LIFE_MS } from './lease.ts'
import { levelsNow, type Reading, waitFor } from './levels-now.ts'
import type { BudgetLevel, QuotaRefusal } from './quota.ts'
import type { Grant, Refusal } from './store.ts'

/** What one gateway holds and knows of the budgets of one principal. */
export class Holder {
  readonly key: string
  lease: Lease | null = null
  /** The question to the store that is under way: there is one at a time, and all that want more wait for it. */
  asking: Promise<unknown> | null = null
  /** How often everything was forgotten: an answer to what was asked before that is outdated. */
  epoch = 0
  #reading: Reading | null = null
  #isOutdated = false
  #refusedAtMs = Number.NEGATIVE_INFINITY
  #cameAtMs = Number.NEGATIVE_INFINITY

  constructor(key: string) {
    this.key = key
  }

  /**
   * Notes that an operation comes, and answers whether the one before came so lately that one lease would have served both.
   * Whoever comes now and then would only keep from others what a lease holds.
   */
  comes(nowMs: number): boolean {
    const isFrequent = nowMs - this.#cameAtMs < LEASE_LIFE_MS
    this.#cameAtMs = nowMs
    return isFrequent
  }

  /** Notes what the store answered to a reservation: what it refused, it will refuse for a moment. */
  hear(reading: Reading, answered: (Grant | Refusal)['kind']): void {
    this.read(reading)
    if (answered === 'refused') this.#refusedAtMs = reading.atMs
  }

  /** Notes what was read without taking anything. */
  read(reading: Reading): void {
    this.#reading = reading
    this.#isOutdated = false
  }

  /** The next operation asks the store, and waits for no question that is under way. */
  forget(): void {
    this.epoch += 1
    this.asking = null
    this.doubt()
  }

  /** Whatever is known may be wrong. */
  doubt(): void {
    this.#isOutdated = true
    this.#refusedAtMs = Number.NEGATIVE_INFINITY
  }

  /** Points came back: there is more now than was read, and less to refuse. */
  regain(points: number, nowMs: number): void {
    if (points <= 0 || this.#reading === null) return
    const { claims } = this.#reading
    const now = levelsNow(this.#reading, nowMs, points)
    const levels = claims.map(({ partition, budget }, place) => {
      const { remaining = 0, resetMs = 0 } = now[place] ?? {}
      return { partition, remaining: Math.min(budget.capacity, remaining), resetMs }
    })
    this.#reading = { claims, levels, atMs: nowMs }
  }

  /** The refusal that the store would repeat, as far as is known here; null where it has to be asked. */
  refusal(points: number, nowMs: number): QuotaRefusal | null {
    if (this.#reading === null || nowMs - this.#refusedAtMs >= REFUSED_MS) return null
    const levels = levelsNow(this.#reading, nowMs)
    const waits = levels.map((level) => waitFor(level, points))
    const waitMs = Math.max(...waits)
    const short = this.#reading.claims[waits.indexOf(waitMs)]
    if (waitMs <= 0 || short === undefined) return null
    return { kind: 'refused', partition: short.partition, waitMs, levels }
  }

  /** The budgets now, as far as is known; null where nothing is. */
  known(nowMs: number): readonly BudgetLevel[] | null {
    return this.#reading === null || this.#isOutdated ? null : this.levels(nowMs)
  }

  /** The budgets now, by what the store said last; none where it was never asked. */
  levels(nowMs: number): readonly BudgetLevel[] {
    if (this.#reading === null) return []
    const { lease } = this
    const held = lease === null || lease.isForfeit(nowMs) ? 0 : lease.free
    return levelsNow(this.#reading, nowMs, held)
  }
}

/** Long enough to keep a client that hammers off the store, short enough to notice what another gateway gave back. */
const REFUSED_MS = 1_000
