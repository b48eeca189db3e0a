import { Held } from './held.ts'
import type { Holder } from './holder.ts'
import { Lease } from './lease.ts'
import type { Reservation } from './quota.ts'
import type { Settlements } from './settlements.ts'
import type { Grant } from './store.ts'

export interface LeasesOptions {
  readonly settlements: Pick<Settlements, 'settle'>
  /** Milliseconds of a clock that never jumps. */
  readonly monotonic: () => number
  readonly isStoreAway: () => boolean
}

/** The leases of one gateway, from their grant until their store is told what was spent of them. */
export class Leases {
  readonly #options: LeasesOptions
  readonly #open = new Map<Lease, Holder>()

  constructor(options: LeasesOptions) {
    this.#options = options
  }

  /** How many there are. */
  get count(): number {
    return this.#open.size
  }

  /** Draws on what the holder has; null where that is not enough, or over. */
  draw(holder: Holder, points: number): Reservation | null {
    const { lease } = holder
    return lease === null || !this.#isUsable(lease) ? null : this.#take(holder, lease, points)
  }

  /** Draws on a new lease, in the place of the one before it. Asked for at `askedAtMs`. */
  drawNew(holder: Holder, grant: Grant, { points, askedAtMs }: Asked): Reservation {
    if (holder.lease !== null) this.#retire(holder.lease)
    const lease = new Lease(grant, askedAtMs)
    this.#open.set(lease, holder)
    holder.lease = lease
    const taken = this.#take(holder, lease, points)
    if (taken === null) throw new Error('A lease holds less than was asked for.')
    return taken
  }

  /** Gives back what is left of leases that have ended. */
  retireEnded(): void {
    for (const lease of this.#open.keys()) {
      if (!this.#isUsable(lease)) this.#retire(lease)
    }
  }

  /** Gives back what is left of all leases. */
  retireAll(): void {
    for (const lease of this.#open.keys()) this.#retire(lease)
  }

  /** Gives back what is left of the holder's lease. */
  retireOf({ lease }: Holder): void {
    if (lease !== null) this.#retire(lease)
  }

  /** Whoever holds something. */
  holders(): Iterable<Holder> {
    return this.#open.values()
  }

  /** While the store is away, nobody else can be given what is left of a lease, ended or not. */
  #isUsable(lease: Lease): boolean {
    const nowMs = this.#options.monotonic()
    return this.#options.isStoreAway() ? !lease.isForfeit(nowMs) : !lease.hasEnded(nowMs)
  }

  #take(holder: Holder, lease: Lease, points: number): Reservation | null {
    if (!lease.take(points)) return null
    return new Held({
      points,
      mode: 'normal',
      lease,
      levels: () => holder.levels(this.#options.monotonic()),
      giveBack: (spent) => lease.giveBack(points - spent),
      close: () => {
        lease.end()
        if (lease.isRetired || !this.#isUsable(lease)) this.#retire(lease)
      },
    })
  }

  /** Nothing is taken from it any more; once nothing draws on it, the store has back what is left. */
  #retire(lease: Lease): void {
    lease.retire()
    const holder = this.#open.get(lease)
    if (holder === undefined) return
    if (holder.lease === lease) holder.lease = null
    if (lease.isBusy) return
    this.#open.delete(lease)
    this.#options.settlements.settle(lease.id, lease.spent)
    const nowMs = this.#options.monotonic()
    if (!lease.isForfeit(nowMs)) holder.regain(lease.free, nowMs)
  }
}

interface Asked {
  readonly points: number
  readonly askedAtMs: number
}
