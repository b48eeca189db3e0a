import type { ActContext, AskedAct, Outcome } from '../../auth/act.ts'
import type { Principal } from '../../auth/principal.ts'
import type { Database } from '../../database/connect.ts'
import type { Problem } from '../../errors.ts'
import type { Vault } from '../../vault/vault.ts'
import type { Variables } from './shape.ts'

/** What a plan needs of one request. */
export interface PlanRequest {
  readonly principal: Principal
  /** Coerced. */
  readonly variables: Variables
  readonly database: Database
  readonly vault: Vault
  readonly signal?: AbortSignal | undefined
  /** What `Query.rateLimit` answers; read only where the operation asks for it. */
  readonly rateLimit: RateLimitValues
  /** Kept up to date while the plan runs. */
  readonly progress?: Progress | undefined
  /** What the acts of a mutation may use; asked once for each. */
  readonly contextOf?: ((act: AskedAct) => ActContext) | undefined
  /** What the act has come to whose answer is read; absent for a query. */
  readonly outcome?: Outcome | undefined
}

/** The budget with the fewest points left, as the reservation of this operation left it. Whole points. */
export interface RateLimitValues {
  /** What the operation was reserved with. */
  readonly cost: number
  readonly limit: number
  readonly remaining: number
  readonly used: number
  /** RFC 3339. */
  readonly resetAt: string
}

/** How far a plan has come: whoever pays can tell what ran, even where a later step throws. */
export interface Progress {
  /** `sent` once PostgreSQL may run the statement; `finished` once its row is here, or where there is no statement. */
  stage: 'waiting' | 'sent' | 'finished'
  /** Those of the answer; null until it is finished. */
  counts: readonly number[] | null
  /** What its statements took so far, in microseconds. */
  databaseUs: number
  /** How many acts were asked for, where none of them ran because of what the database says of their input. */
  refusedActs?: number
}

export interface PlanAnswer {
  /** JSON text of `data`, complete. */
  readonly data: string
  /** Objects under each label of the plan's `counted`, in that order: those that are not null, over all positions. */
  readonly counts: readonly number[]
}

/** An operation as it runs for one standing, and how the text of its statement becomes the answer; of a mutation, a statement for each act. */
export interface Plan {
  /** SQL text, of all statements; null where nothing is read from the database. */
  readonly statement: string | null
  /** Characters of the answer that the plan holds ready: fixed text, and what was asked of the schema. */
  readonly fixedCharacters: number
  /**
   * Labels of what is counted: response paths without list positions, with the type where an id decides it
   * (`nodes@Pattern`). The label of a connection counts the items of its pages, whatever asks for them.
   */
  readonly counted: readonly string[]
  /** Objects in what the operation asks of the schema; null where it asks nothing of it. */
  readonly introspectionObjects: number | null
  /** What is wrong with the values of this request; to be asked before `run`. */
  readonly problems: (variables: Variables) => readonly Problem[]
  readonly run: (request: PlanRequest) => Promise<PlanAnswer>
}
