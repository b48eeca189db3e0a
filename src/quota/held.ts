import type { BudgetLevel, Reservation } from './quota.ts'

/** A reservation, settled once: the first settlement counts, within what was reserved. */
export class Held implements Reservation {
  readonly kind = 'reserved'
  readonly points: number
  readonly mode: 'normal' | 'emergency'
  readonly levels: () => readonly BudgetLevel[]
  readonly #settle: (spent: number) => void
  #isSettled = false

  constructor(
    points: number,
    mode: 'normal' | 'emergency',
    levels: () => readonly BudgetLevel[],
    settle: (spent: number) => void,
  ) {
    this.points = points
    this.mode = mode
    this.levels = levels
    this.#settle = settle
  }

  settle(spent: number): void {
    if (this.#isSettled) return
    this.#isSettled = true
    this.#settle(Math.min(this.points, Math.max(0, spent)))
  }
}
