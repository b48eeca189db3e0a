/** What the ceiling of a month leaves to whom. */
export interface Shares {
  /** Points of the budget service-month; null: the ceiling is none, or far. */
  readonly month: {
    readonly capacity: number
    /** Where those who were slowed down have to stop. */
    readonly capacityOfSlowed: number
  } | null
  /** The rate in points per second at which the budget of an account (UUID) fills at most. */
  readonly rates: ReadonlyMap<string, number>
  /** The same for all who come without credentials together; null: theirs is as it is. */
  readonly anonymousRate: number | null
}

/** Everybody has what the policies say. */
export const NO_SHARES: Shares = Object.freeze({
  month: null,
  rates: new Map<string, number>(),
  anonymousRate: null,
})
