import { ApiError } from '../errors.ts'
import { EmergencyAllowances } from './emergency.ts'
import { Held } from './held.ts'
import type { Holder } from './holder.ts'
import { Holders } from './holders.ts'
import { FORFEIT_MS } from './lease.ts'
import { Leases } from './leases.ts'
import { levelsNow } from './levels-now.ts'
import type { BudgetLevel, Quota, QuotaRefusal, Reservation } from './quota.ts'
import { Settlements } from './settlements.ts'
import type { Claim, Grant, QuotaStore, Wanted } from './store.ts'

export interface LeasedQuotaOptions {
  readonly store: QuotaStore
  /** UUID of this gateway. */
  readonly gateway: string
  /** Milliseconds of a clock that never jumps. */
  readonly monotonic: () => number
  /** What happens while the store is away: an allowance of this gateway's own, or a refusal. */
  readonly whenAway: 'allowance' | 'refuse'
  /** Hears once that the store is away, until it is back; and of what failed in the background for any other reason. */
  readonly onAway: (cause: unknown) => void
  readonly onBack: () => void
  readonly onDefect: (error: unknown) => void
}

export interface LeasedQuota extends Quota {
  /** Tells the store that this gateway lives, what has ended, and again what it did not hear. Never rejects. */
  tend(): Promise<void>
  /** Leases that it holds, and whether its store is away. */
  state(): { readonly leases: number; readonly isAway: boolean }
}

/** Budgets of a store, drawn on in leases: most operations cost no call. Whoever makes it calls `tend` every second. */
export function createLeasedQuota(options: LeasedQuotaOptions): LeasedQuota {
  return new StoreBackedQuota(options)
}

class StoreBackedQuota implements LeasedQuota {
  readonly #options: LeasedQuotaOptions
  readonly #settlements: Settlements
  readonly #leases: Leases
  readonly #allowances: EmergencyAllowances
  readonly #holders = new Holders()
  #isMissed = false
  #gateways = 1

  constructor(options: LeasedQuotaOptions) {
    const { monotonic } = options
    this.#options = options
    this.#settlements = new Settlements(options)
    const isStoreAway = (): boolean => this.#isAway
    this.#leases = new Leases({ settlements: this.#settlements, monotonic, isStoreAway })
    this.#allowances = new EmergencyAllowances(monotonic)
  }

  /** Away, and an allowance stands in for it. */
  get #isAway(): boolean {
    return this.#isMissed && this.#options.whenAway === 'allowance'
  }

  get gateways(): number {
    return this.#gateways
  }

  reserve(claims: readonly Claim[], points: number) {
    const holder = this.#holders.of(claims)
    const nowMs = this.#options.monotonic()
    const lease = holder.comes(nowMs) ? 'allowed' : 'never'
    const leased = this.#leases.draw(holder, points)
    if (leased !== null) return leased
    if (this.#isAway) return this.#allowances.reserve(claims, points)
    return holder.refusal(points, nowMs) ?? this.#ask(holder, { claims, points, lease })
  }

  giveBack(reservation: Reservation, spent: number): void {
    // Made by this class alone.
    ;(reservation as Held).giveBack(spent)
  }

  settle(reservation: Reservation, spent: number): void {
    // Made by this class alone.
    ;(reservation as Held).settle(spent)
  }

  known(claims: readonly Claim[]): readonly BudgetLevel[] | null {
    if (this.#isAway) return this.#allowances.levels(claims)
    return this.#holders.of(claims).known(this.#options.monotonic())
  }

  async look(claims: readonly Claim[]): Promise<readonly BudgetLevel[]> {
    if (this.#isAway) return this.#allowances.levels(claims)
    try {
      const levels = await this.#options.store.levels(claims)
      const reading = { claims, levels, atMs: this.#options.monotonic() }
      const holder = this.#holders.of(claims)
      holder.read(reading)
      this.#allowances.note(reading)
      return holder.levels(reading.atMs)
    } catch (error) {
      this.#bear(error)
      return this.#allowances.levels(claims)
    }
  }

  release(subject: string): void {
    // Who gave way to others may still hold a lease.
    for (const holder of new Set([...this.#holders.all(), ...this.#leases.holders()])) {
      if (!holder.key.includes(`:${subject}|`)) continue
      holder.forget()
      this.#leases.retireOf(holder)
    }
  }

  async tend(): Promise<void> {
    try {
      const { gateways } = await this.#options.store.tend(this.#options.gateway)
      this.#gateways = Math.max(1, gateways)
      if (this.#isMissed) {
        this.#isMissed = false
        this.#options.onBack()
      }
      // Not before the store has spoken: while it is away, what is left of them is all there is.
      this.#leases.retireEnded()
      this.#settlements.retry()
    } catch (error) {
      if (error instanceof ApiError) this.#noteOutage(error)
      else this.#options.onDefect(error)
    }
  }

  state() {
    return { leases: this.#leases.count, isAway: this.#isMissed }
  }

  async close(): Promise<void> {
    this.#leases.retireAll()
    this.#settlements.retry()
    await this.#settlements.done()
    // A store that is away counts this gateway out by itself.
    await this.#options.store.leave(this.#options.gateway).catch(() => {})
  }

  #ask(holder: Holder, asked: Asked): Promise<Reservation | QuotaRefusal> {
    if (holder.asking !== null) return this.#wait(holder.asking, asked)
    const question = this.#question(holder, asked)
    holder.asking = question
    return question
  }

  /**
   * Most often the answer to somebody else is enough for this one too. Where it is not, little is lost: in the store they
   * would queue for the same rows, in the way of everybody else.
   */
  async #wait(
    asking: Promise<unknown>,
    { claims, points }: Asked,
  ): Promise<Reservation | QuotaRefusal> {
    await asking.catch((error: unknown) => {
      if (error instanceof ApiError) throw error
    })
    return this.reserve(claims, points)
  }

  async #question(
    holder: Holder,
    { claims, points, lease }: Asked,
  ): Promise<Reservation | QuotaRefusal> {
    const { store, monotonic } = this.#options
    const { epoch } = holder
    const askedAtMs = monotonic()
    try {
      const answer = await store.reserve(claims, { points, lease, forfeitMs: FORFEIT_MS })
      const reading = { claims, levels: answer.levels, atMs: monotonic() }
      this.#allowances.note(reading)
      holder.hear(reading, answer.kind)
      if (answer.kind === 'refused') return { ...answer, levels: levelsNow(reading, reading.atMs) }
      if (answer.points === points) return this.#exact(holder, answer)
      return this.#leases.drawNew(holder, answer, { points, askedAtMs })
    } catch (error) {
      this.#bear(error)
      return this.reserve(claims, points)
    } finally {
      if (holder.epoch !== epoch) this.#doubt(holder)
      else holder.asking = null
    }
  }

  #exact(holder: Holder, { id, points, takenAtUs }: Grant): Reservation {
    let spent = points
    return new Held({
      points,
      mode: 'normal',
      lease: { id, takenAtUs },
      levels: () => holder.levels(this.#options.monotonic()),
      giveBack: (charge) => {
        spent = charge
        holder.regain(points - spent, this.#options.monotonic())
      },
      close: () => this.#settlements.settle(id, spent),
    })
  }

  /** What was asked before everything was forgotten says nothing of what is now. */
  #doubt(holder: Holder): void {
    holder.doubt()
    this.#leases.retireOf(holder)
  }

  /** Goes on without the store. Throws where there is no allowance for that, and what is no outage. */
  #bear(error: unknown): void {
    if (!(error instanceof ApiError) || this.#options.whenAway === 'refuse') throw error
    this.#noteOutage(error)
  }

  #noteOutage(cause: unknown): void {
    if (this.#isMissed) return
    this.#isMissed = true
    this.#options.onAway(cause)
  }
}

interface Asked extends Pick<Wanted, 'points' | 'lease'> {
  readonly claims: readonly Claim[]
}
