import { booleanVariables } from './boolean-variables.ts'
import { buildStructure, type OperationView } from './build-structure.ts'
import { Effort } from './document-view.ts'
import { type Evaluation, prepare } from './evaluate.ts'
import type { Variables } from './variables.ts'

/** Combinations of boolean variables that are kept; further ones are worked out for each call. */
const KEPT_MAX = 16
/** As many fit into the bits of a small whole number. */
const BITS = 30

/** An operation, whatever its variables are. */
type OperationText = Omit<OperationView, 'isOn' | 'known' | 'effort'>

/** The evaluations of an operation: one for each combination of its boolean variables. */
export class Evaluations {
  readonly #view: OperationText
  readonly #names: readonly string[]
  readonly #kept = new Map<number | string, Evaluation>()

  constructor(view: OperationText) {
    this.#view = view
    this.#names = booleanVariables(view.operation, view.fragments)
    // What does not depend on variables is found out at once.
    if (this.#names.length === 0) this.of({})
  }

  /** @throws {CostError} */
  of(variables: Variables): Evaluation {
    const key = this.#keyOf(variables)
    const kept = this.#kept.get(key)
    if (kept !== undefined) return kept
    const isOn = (name: string) => this.#view.read(name, variables) === true
    const evaluation = prepare(
      buildStructure({ ...this.#view, isOn, known: new Map(), effort: new Effort() }),
    )
    if (this.#kept.size < KEPT_MAX) this.#kept.set(key, evaluation)
    return evaluation
  }

  #keyOf(variables: Variables): number | string {
    if (this.#names.length > BITS) {
      return this.#names.map((name) => Number(this.#view.read(name, variables) === true)).join('')
    }
    let key = 0
    for (const name of this.#names) {
      key = key * 2 + (this.#view.read(name, variables) === true ? 1 : 0)
    }
    return key
  }
}
