import { FORFEIT_MS } from './lease.ts'
import type { QuotaStore } from './store.ts'

/**
 * Settlements on their way to a store. One that does not arrive is told again for as long as the store may still wait for
 * it; after that its points are forfeited there, which costs the client, and never the budget.
 */
export class Settlements {
  readonly #store: Pick<QuotaStore, 'settle'>
  readonly #monotonic: () => number
  readonly #underWay = new Set<Promise<void>>()
  readonly #missed = new Map<string, { readonly spent: number; readonly untilMs: number }>()

  constructor(store: Pick<QuotaStore, 'settle'>, monotonic: () => number) {
    this.#store = store
    this.#monotonic = monotonic
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
      .catch(() => void this.#missed.set(id, { spent, untilMs }))
      .finally(() => this.#underWay.delete(sent))
    this.#underWay.add(sent)
  }
}
