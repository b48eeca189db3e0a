import { ApiError } from '../errors.ts'
import { FORFEIT_MS } from './lease.ts'
import type { QuotaStore } from './store.ts'

export interface SettlementsOptions {
  readonly store: Pick<QuotaStore, 'settle'>
  /** Milliseconds of a clock that never jumps. */
  readonly monotonic: () => number
  /** Hears of a settlement that failed for another reason than an outage. */
  readonly onDefect: (error: unknown) => void
}

/**
 * Settlements on their way to a store. One that does not arrive is told again for as long as the store may still wait for
 * it; after that its points are forfeited there, which costs the client, and never the budget.
 */
export class Settlements {
  readonly #store: Pick<QuotaStore, 'settle'>
  readonly #monotonic: () => number
  readonly #onDefect: (error: unknown) => void
  readonly #underWay = new Set<Promise<void>>()
  readonly #missed = new Map<string, { readonly spent: number; readonly untilMs: number }>()

  constructor({ store, monotonic, onDefect }: SettlementsOptions) {
    this.#store = store
    this.#monotonic = monotonic
    this.#onDefect = onDefect
  }

  /** Tells the store, now or later. Never throws. */
  settle(id: string, spent: number): void {
    this.#send(id, spent, this.#monotonic() + FORFEIT_MS)
  }

  /** Tells the store again what it did not hear. */
  retry(): void {
    const missed = [...this.#missed]
    this.#missed.clear()
    for (const [id, { spent, untilMs }] of missed) {
      if (untilMs > this.#monotonic()) this.#send(id, spent, untilMs)
    }
  }

  /** Resolves once nothing is under way. */
  async done(): Promise<void> {
    await Promise.all(this.#underWay)
  }

  #send(id: string, spent: number, untilMs: number): void {
    const sent = this.#store
      .settle(id, spent)
      .catch((error: unknown) => {
        // What is no outage fails the next time just the same.
        if (error instanceof ApiError) this.#missed.set(id, { spent, untilMs })
        else this.#onDefect(error)
      })
      .finally(() => this.#underWay.delete(sent))
    this.#underWay.add(sent)
  }
}
