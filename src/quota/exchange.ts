import { v7 } from 'uuid'

import type { Database } from '../database/connect.ts'
import { askStore } from './ask-store.ts'
import {
  exchangeStatement,
  readOutcomes,
  type Asked,
  type Batch,
  type Outcomes,
  type Settlement,
} from './exchange-statement.ts'
import type { Claim, Grant, Refusal, Wanted } from './store.ts'

/** Settlements, and reservations, that one statement carries at most. */
export const BATCH_MAX = 100

/**
 * Tells the database of reservations and settlements, one statement at a time. What comes while one is under way waits,
 * and leaves together with the next: all gateways queue for the row of the whole service, so what a call costs sinks as
 * more of them share one turn, and they never take more than one connection from the statements that clients wait for.
 */
export class Exchange {
  readonly #database: Database
  readonly #settlements: Waiting<Settlement, void>[] = []
  readonly #asked: Waiting<Asked, Grant | Refusal>[] = []
  #isUnderWay = false

  constructor(database: Database) {
    this.#database = database
  }

  /** Who asked first is served first. @throws {ApiError} UNAVAILABLE when its statement fails for an outage */
  reserve(claims: readonly Claim[], wanted: Wanted): Promise<Grant | Refusal> {
    const { promise, resolve, reject } = Promise.withResolvers<Grant | Refusal>()
    this.#asked.push({ what: { id: v7(), claims, wanted }, resolve, reject })
    this.#send()
    return promise
  }

  /** @throws {ApiError} UNAVAILABLE when its statement fails for an outage; {Error} when the grant holds less */
  settle(id: string, spent: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#settlements.push({ what: { id, spent }, resolve, reject })
    this.#send()
    return promise
  }

  #send(): void {
    if (this.#isUnderWay || this.#settlements.length + this.#asked.length === 0) return
    this.#isUnderWay = true
    const settlements = this.#settlements.splice(0, leading(this.#settlements))
    void this.#exchange(settlements, this.#asked.splice(0, BATCH_MAX))
  }

  /** Never rejects: whoever waits hears what happened. */
  async #exchange(
    settlements: readonly Waiting<Settlement, void>[],
    asked: readonly Waiting<Asked, Grant | Refusal>[],
  ): Promise<void> {
    try {
      const { overspent, reserved } = await this.#ask({
        settlements: settlements.map(({ what }) => what),
        asked: asked.map(({ what }) => what),
      })
      for (const [place, each] of settlements.entries()) hear(each, overspent[place] ?? null)
      for (const [place, each] of asked.entries()) {
        const answer = reserved[place]
        if (answer === undefined) throw new Error('The database left a reservation unanswered.')
        each.resolve(answer)
      }
    } catch (error) {
      for (const { reject } of [...settlements, ...asked]) reject(error)
    }
  }

  async #ask(batch: Batch): Promise<Outcomes> {
    let row: readonly unknown[]
    try {
      row = await askStore(this.#database, exchangeStatement(batch))
    } finally {
      // The database works on the next batch while this one is read.
      this.#isUnderWay = false
      this.#send()
    }
    return readOutcomes(batch, row)
  }
}

interface Waiting<What, Answer> {
  readonly what: What
  readonly resolve: (answer: Answer) => void
  readonly reject: (reason: unknown) => void
}

/** How many settlements may leave together: a second one of a grant has to find what the first one left. */
function leading(settlements: readonly Waiting<Settlement, void>[]): number {
  const ids = new Set<string>()
  for (const { what } of settlements) {
    if (ids.size === BATCH_MAX || ids.has(what.id)) break
    ids.add(what.id)
  }
  return ids.size
}

function hear({ what, resolve, reject }: Waiting<Settlement, void>, held: number | null): void {
  if (held === null) return resolve()
  reject(new Error(`A grant of ${held} points can not be settled with ${what.spent}.`))
}
