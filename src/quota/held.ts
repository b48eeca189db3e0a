import type { BudgetLevel, Reservation } from './quota.ts'

export interface HeldOptions extends Omit<Reservation, 'kind'> {
  /** Called once, with whole points from 0 to those of the reservation. */
  readonly settle: (spent: number) => void
}

/** A reservation that is settled once: the first settlement counts, within what was reserved. */
export class Held implements Reservation {
  readonly kind = 'reserved'
  readonly points: number
  readonly levels: () => readonly BudgetLevel[]
  readonly mode: Reservation['mode']
  readonly #settle: (spent: number) => void
  #isSettled = false

  constructor({ points, levels, mode, settle }: HeldOptions) {
    this.points = points
    this.levels = levels
    this.mode = mode
    this.#settle = settle
  }

  settle(spent: number): void {
    if (this.#isSettled) return
    this.#isSettled = true
    // What is no number is no reason to give anything back.
    this.#settle(spent < this.points ? Math.max(0, Math.ceil(spent)) : this.points)
  }
}
