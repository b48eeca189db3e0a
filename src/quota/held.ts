import type { BudgetLevel, Reservation } from './quota.ts'

export interface HeldOptions extends Omit<Reservation, 'kind'> {
  /** Called once, with whole points from 0 to those of the reservation. */
  readonly giveBack: (spent: number) => void
  /** Called once, after that. */
  readonly close: () => void
}

/** A reservation that is settled once: what is first said to be spent counts, within what was reserved. */
export class Held implements Reservation {
  readonly kind = 'reserved'
  readonly points: number
  readonly levels: () => readonly BudgetLevel[]
  readonly mode: Reservation['mode']
  readonly lease: Reservation['lease']
  readonly #giveBack: (spent: number) => void
  readonly #close: () => void
  #isGivenBack = false
  #isClosed = false

  constructor({ points, levels, mode, lease, giveBack, close }: HeldOptions) {
    this.points = points
    this.levels = levels
    this.mode = mode
    this.lease = lease
    this.#giveBack = giveBack
    this.#close = close
  }

  giveBack(spent: number): void {
    if (this.#isGivenBack) return
    this.#isGivenBack = true
    // What is no number is no reason to give anything back.
    this.#giveBack(spent < this.points ? Math.max(0, Math.ceil(spent)) : this.points)
  }

  settle(spent: number): void {
    this.giveBack(spent)
    if (this.#isClosed) return
    this.#isClosed = true
    this.#close()
  }
}
