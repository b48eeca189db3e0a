/** Operations that run at one gateway, counted by subject. */
export interface InFlight {
  /** Those of all subjects. */
  readonly total: number
  /** Counts one more operation; false where the subject has as many as it may, and nothing is counted then. */
  enter(subject: string, limit: number): boolean
  /** One that was counted has ended. */
  leave(subject: string): void
}

export function createInFlight(): InFlight {
  const running = new Map<string, number>()
  let total = 0
  return {
    get total() {
      return total
    },
    enter(subject, limit) {
      const count = running.get(subject) ?? 0
      if (count >= limit) return false
      running.set(subject, count + 1)
      total += 1
      return true
    },
    leave(subject) {
      const count = running.get(subject) ?? 0
      if (count > 0) total -= 1
      if (count > 1) running.set(subject, count - 1)
      else running.delete(subject)
    },
  }
}

/** What one of so many gateways allows of a limit that holds for all of them together. */
export function shareOf(limit: number, gateways: number): number {
  return Math.ceil(limit / Math.max(1, gateways))
}
