import type { Lease } from './lease.ts'
import { levelsNow, type Reading, waitFor } from './levels-now.ts'
import type { BudgetLevel, QuotaRefusal } from './quota.ts'
import type { Claim, Grant, Refusal } from './store.ts'

/** What one gateway holds and knows of the budgets of one principal. */
export class Holder {
  readonly key: string
  lease: Lease | null = null
  /** A question to the store that others of the same principal wait for; never rejects. */
  asking: Promise<unknown> | null = null
  #reading: Reading | null = null
  #refusedAtMs = Number.NEGATIVE_INFINITY
  #exactSinceMs = Number.NEGATIVE_INFINITY

  constructor(key: string) {
    this.key = key
  }

  /** Notes what the store said to a question of this moment. */
  hear(
    claims: readonly Claim[],
    answer: Grant | Refusal,
    wasAskedFor: number,
    nowMs: number,
  ): void {
    this.#reading = { claims, levels: answer.levels, atMs: nowMs }
    if (answer.kind === 'refused') this.#refusedAtMs = nowMs
    else if (answer.points === wasAskedFor) this.#exactSinceMs = nowMs
  }

  /** Notes what was read without taking anything. */
  read(reading: Reading): void {
    this.#reading = reading
  }

  /** What may have changed is asked again. */
  forget(): void {
    this.#reading = null
    this.#refusedAtMs = Number.NEGATIVE_INFINITY
  }

  /** Points came back: a refusal that is remembered may be outdated. */
  regain(points: number, nowMs: number): void {
    if (points <= 0 || this.#reading === null) return
    this.#refusedAtMs = Number.NEGATIVE_INFINITY
    const { claims } = this.#reading
    const levels = levelsNow(this.#reading, nowMs, points).map(
      ({ partition, budget, ...level }) => ({
        partition: partition as Claim['partition'], // levelsNow keeps those of the claims
        remaining: Math.min(budget.capacity, level.remaining),
        resetMs: level.resetMs,
      }),
    )
    this.#reading = { claims, levels, atMs: nowMs }
  }

  /** Whether the budgets were too small for a lease a moment ago: questions need not wait for each other then. */
  isExact(nowMs: number): boolean {
    return nowMs - this.#exactSinceMs < EXACT_MS
  }

  /** The refusal that the store would repeat, as far as is known here; null where it has to be asked. */
  refusal(points: number, nowMs: number): QuotaRefusal | null {
    if (this.#reading === null || nowMs - this.#refusedAtMs >= REFUSED_MS) return null
    const levels = levelsNow(this.#reading, nowMs)
    const waits = levels.map((level) => waitFor(level, points))
    const waitMs = Math.max(...waits)
    const short = levels[waits.indexOf(waitMs)]
    if (waitMs <= 0 || short === undefined) return null
    return { kind: 'refused', partition: short.partition as Claim['partition'], waitMs, levels } // as above
  }

  /** The budgets now; null where nothing is known of them. */
  levels(nowMs: number): readonly BudgetLevel[] | null {
    if (this.#reading === null) return null
    const held = this.lease === null ? 0 : this.lease.free
    return levelsNow(this.#reading, nowMs, held)
  }
}

const EXACT_MS = 250
/** Long enough to keep a client that hammers off the store, short enough to notice what another gateway gave back. */
const REFUSED_MS = 1_000
