import type { Budget, Claim, Grant, Level, Partition } from './store.ts'

/** What a budget holds, and which budget it is. */
export interface BudgetLevel extends Omit<Level, 'partition'> {
  readonly partition: Partition | 'emergency' | 'attempts' | 'in-flight'
  readonly budget: Budget
}

/** Points that an operation may spend; to be settled once it has ended. */
export interface Reservation {
  readonly kind: 'reserved'
  readonly points: number
  /** Every budget as it stands now, in the order of the claims. */
  readonly levels: () => readonly BudgetLevel[]
  /** `emergency` while the store is away. */
  readonly mode: 'normal' | 'emergency'
  /** The grant of the store that it draws on; null in an emergency. */
  readonly lease: LeaseName | null
}

/** Which grant of the store, and when it was taken by the store's clock, in microseconds since 1970. */
export type LeaseName = Pick<Grant, 'id' | 'takenAtUs'>

/** Nothing was reserved: this budget holds less than was asked for. */
export interface QuotaRefusal {
  readonly kind: 'refused'
  readonly partition: Partition | 'emergency'
  /** Milliseconds until all budgets hold enough, as long as nobody else draws on them. */
  readonly waitMs: number
  readonly levels: readonly BudgetLevel[]
}

/** Budgets as one gateway draws on them. */
export interface Quota {
  /**
   * Takes whole points from every claim or from none: at once where they are at hand, else as soon as the store answers.
   * @throws {ApiError} UNAVAILABLE, thrown or rejected with, while the store is away and there is no allowance for that
   */
  reserve(
    claims: readonly Claim[],
    points: number,
  ): Reservation | QuotaRefusal | Promise<Reservation | QuotaRefusal>
  /**
   * What was not spent of it may be spent here from now on. The store hears nothing of that before `settle`: a gateway that
   * dies in between leaves a grant that nobody settled. Idempotent. Never throws.
   */
  giveBack(reservation: Reservation, spent: number): void
  /** Gives back what was not spent of it. Idempotent. Never throws: what the store does not hear is told again. */
  settle(reservation: Reservation, spent: number): void
  /** What is known of the claims right now, without asking; null where nothing is. */
  known(claims: readonly Claim[]): readonly BudgetLevel[] | null
  /** What the claims hold. @throws {ApiError} as reserve does */
  look(claims: readonly Claim[]): Promise<readonly BudgetLevel[]>
  /** Gives back all that is held for this account, key or address: its next operation asks the store again. */
  release(subject: string): void
  /** Gateways alive that share the budgets, this one included. */
  readonly gateways: number
  /** Resolves once everything that is not spent was given back, as far as the store can be told. */
  close(): Promise<void>
}
