/** Operations that run at one gateway, counted by subject. */
export class InFlight {
  readonly #running = new Map<string, number>()

  /** Counts one more operation; false where the subject has as many as it may, and nothing is counted then. */
  enter(subject: string, limit: number): boolean {
    const running = this.#running.get(subject) ?? 0
    if (running >= limit) return false
    this.#running.set(subject, running + 1)
    return true
  }

  /** One that was counted has ended. */
  leave(subject: string): void {
    const running = this.#running.get(subject) ?? 0
    if (running > 1) this.#running.set(subject, running - 1)
    else this.#running.delete(subject)
  }
}

/** What one of so many gateways allows of a limit that holds for all of them together. */
export function shareOf(limit: number, gateways: number): number {
  return Math.ceil(limit / Math.max(1, gateways))
}
