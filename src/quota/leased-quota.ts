import { ApiError } from '../errors.ts'
import { BoundedMap } from './bounded-map.ts'
import { EMERGENCY, EmergencyAllowances } from './emergency.ts'
import { Held } from './held.ts'
import { Holder } from './holder.ts'
import { FORFEIT_AFTER_MS, Lease, LEASE_LIFE_MS } from './lease.ts'
import { levelsNow } from './levels-now.ts'
import type { BudgetLevel, Quota, QuotaRefusal, Reservation } from './quota.ts'
import { Settlements } from './settlements.ts'
import type { Claim, Grant, QuotaStore, Refusal } from './store.ts'

export interface LeasedQuotaOptions {
  readonly store: QuotaStore
  /** UUID of this gateway. */
  readonly gateway: string
  /** Milliseconds of a clock that never jumps. */
  readonly monotonic: () => number
  /** What happens while the store is away: an allowance of this gateway's own, or a refusal. */
  readonly whenAway: 'allowance' | 'refuse'
  readonly onAway: (cause: unknown) => void
  readonly onBack: () => void
}

export interface LeasedQuota extends Quota {
  /** Closes what has ended, tells the store that this gateway lives, and tells it again what it did not hear. Never rejects. */
  tend(): Promise<void>
}

/** Budgets of a store, drawn on in leases: most operations cost no call. Whoever makes it calls `tend` every second. */
export function createLeasedQuota(options: LeasedQuotaOptions): LeasedQuota {
  return new StoreBackedQuota(options)
}

const HOLDERS_MAX = 10_000

function nothing(): void {}

class StoreBackedQuota implements LeasedQuota {
  readonly #options: LeasedQuotaOptions
  readonly #settlements: Settlements
  readonly #holders = new BoundedMap<Holder>(HOLDERS_MAX)
  readonly #holderOf = new WeakMap<readonly Claim[], Holder>()
  readonly #leases = new Map<Lease, Holder>()
  readonly #allowances = new EmergencyAllowances()
  #isAway = false
  #monthLeft = Number.POSITIVE_INFINITY
  #gateways = 1

  constructor(options: LeasedQuotaOptions) {
    this.#options = options
    this.#settlements = new Settlements(options.store, options.monotonic)
  }

  get gateways(): number {
    return this.#gateways
  }

  reserve(claims: readonly Claim[], points: number) {
    const holder = this.#holder(claims)
    const nowMs = this.#options.monotonic()
    const { lease } = holder
    if (lease !== null && this.#isUsable(lease, nowMs) && lease.take(points)) {
      return this.#fromLease(holder, lease, points)
    }
    if (this.#isAway) return this.#allow(claims, points)
    return holder.refusal(points, nowMs) ?? this.#ask(holder, claims, points)
  }

  settle(reservation: Reservation, spent: number): void {
    // Made by this class alone.
    ;(reservation as Held).settle(spent)
  }

  known(claims: readonly Claim[]): readonly BudgetLevel[] | null {
    return this.#holder(claims).levels(this.#options.monotonic())
  }

  async look(claims: readonly Claim[]): Promise<readonly BudgetLevel[]> {
    const holder = this.#holder(claims)
    if (this.#isAway) return this.#allowanceLevels(claims)
    const levels = await this.#options.store.levels(claims)
    const reading = { claims, levels, atMs: this.#options.monotonic() }
    holder.read(reading)
    return holder.levels(reading.atMs) ?? levelsNow(reading, reading.atMs)
  }

  release(subject: string): void {
    for (const holder of this.#holders.values()) {
      if (!holder.key.includes(`:${subject}|`)) continue
      holder.forget()
      if (holder.lease !== null) this.#retire(holder.lease)
    }
  }

  async tend(): Promise<void> {
    const nowMs = this.#options.monotonic()
    for (const lease of this.#leases.keys()) {
      if (this.#isUsable(lease, nowMs)) continue
      this.#retire(lease)
    }
    try {
      const { gateways } = await this.#options.store.tend(this.#options.gateway)
      this.#gateways = Math.max(1, gateways)
      if (this.#isAway) {
        this.#isAway = false
        this.#options.onBack()
      }
      this.#settlements.retry()
    } catch (error) {
      this.#miss(error)
    }
  }

  async close(): Promise<void> {
    for (const lease of this.#leases.keys()) this.#retire(lease)
    await this.#settlements.done()
    // A store that is away counts this gateway out by itself.
    await this.#options.store.leave(this.#options.gateway).catch(() => {})
  }

  #holder(claims: readonly Claim[]): Holder {
    const known = this.#holderOf.get(claims)
    if (known !== undefined) return known
    const key = claims.map(({ partition, subject }) => `${partition}:${subject}|`).join('')
    const holder = this.#holders.get(key) ?? new Holder(key)
    this.#holders.set(key, holder)
    this.#holderOf.set(claims, holder)
    return holder
  }

  /** While the store is away, nobody else can be given what is left of a lease, ended or not. */
  #isUsable(lease: Lease, nowMs: number): boolean {
    return this.#isAway ? !lease.isForfeit(nowMs) : !lease.hasEnded(nowMs)
  }

  async #ask(
    holder: Holder,
    claims: readonly Claim[],
    points: number,
  ): Promise<Reservation | QuotaRefusal> {
    const askedAtMs = this.#options.monotonic()
    const isExact = holder.isExact(askedAtMs)
    if (holder.asking !== null && !isExact) {
      await holder.asking
      return this.reserve(claims, points)
    }
    const asked = this.#options.store.reserve(claims, {
      points,
      lease: isExact ? 'never' : 'allowed',
      forfeitMs: LEASE_LIFE_MS + FORFEIT_AFTER_MS,
    })
    const asking = asked.then(nothing, nothing).finally(() => {
      if (holder.asking === asking) holder.asking = null
    })
    if (!isExact) holder.asking = asking
    try {
      const answer = await asked
      this.#noteMonth(answer)
      holder.hear(claims, answer, points, this.#options.monotonic())
      return answer.kind === 'refused'
        ? { ...answer, levels: levelsNow({ claims, levels: answer.levels, atMs: 0 }, 0) }
        : this.#held(holder, { grant: answer, points, askedAtMs })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.#miss(error)
      if (!this.#isAway) throw error
      return this.reserve(claims, points)
    }
  }

  #held(
    holder: Holder,
    { grant, points, askedAtMs }: { grant: Grant; points: number; askedAtMs: number },
  ): Reservation {
    if (grant.points === points) {
      return this.#reservation(holder, points, (spent) => {
        this.#settlements.settle(grant.id, spent)
        holder.regain(points - spent, this.#options.monotonic())
      })
    }
    if (holder.lease !== null) this.#retire(holder.lease)
    const lease = new Lease(grant, askedAtMs)
    holder.lease = lease
    this.#leases.set(lease, holder)
    lease.take(points)
    return this.#fromLease(holder, lease, points)
  }

  #fromLease(holder: Holder, lease: Lease, points: number): Reservation {
    return this.#reservation(holder, points, (spent) => {
      lease.giveBack(points - spent)
      if (lease.isRetired || lease.hasEnded(this.#options.monotonic())) this.#retire(lease)
    })
  }

  /** Nothing is taken from it any more; once nothing draws on it, the store has back what is left. */
  #retire(lease: Lease): void {
    lease.retire()
    const holder = this.#leases.get(lease)
    if (holder === undefined) return
    if (holder.lease === lease) holder.lease = null
    if (lease.isBusy) return
    this.#leases.delete(lease)
    this.#settlements.settle(lease.id, lease.spent)
    holder.regain(lease.free, this.#options.monotonic())
  }

  #allow(claims: readonly Claim[], points: number): Reservation | QuotaRefusal {
    const nowMs = this.#options.monotonic()
    const subject = claims[0]?.subject ?? ''
    const isClosed = claims.some(({ partition }) => partition === 'service-month')
    const levels = this.#allowanceLevels(claims)
    if (isClosed && this.#monthLeft < points) {
      return {
        kind: 'refused',
        partition: 'service-month',
        waitMs: EMERGENCY.seconds * 1000,
        levels,
      }
    }
    if (!this.#allowances.take(subject, points, nowMs)) {
      const waitMs = levels[0]?.resetMs ?? 0
      return { kind: 'refused', partition: 'emergency', waitMs, levels }
    }
    const settle = (spent: number): void => {
      this.#allowances.giveBack(subject, points - spent, nowMs)
    }
    return new Held(points, 'emergency', () => this.#allowanceLevels(claims), settle)
  }

  #allowanceLevels(claims: readonly Claim[]): readonly BudgetLevel[] {
    return [this.#allowances.level(claims[0]?.subject ?? '', this.#options.monotonic())]
  }

  #reservation(holder: Holder, points: number, settle: (spent: number) => void): Reservation {
    return new Held(points, 'normal', () => holder.levels(this.#options.monotonic()) ?? [], settle)
  }

  #noteMonth({ levels }: Grant | Refusal): void {
    const month = levels.find(({ partition }) => partition === 'service-month')
    if (month !== undefined) this.#monthLeft = month.remaining
  }

  #miss(cause: unknown): void {
    if (this.#isAway || this.#options.whenAway === 'refuse') return
    this.#isAway = true
    this.#options.onAway(cause)
  }
}
