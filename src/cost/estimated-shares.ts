import { at, type Evaluation, evaluate, times } from './evaluate.ts'
import type { Alternative, Scope } from './structure.ts'
import type { TypeCost } from './type-cost.ts'
import type { Variables } from './variables.ts'

/** Positions that are looked at, outermost first. */
const POSITIONS_MAX = 2000

/** Where in the answer a field may stand, and how often it is called at most. */
export interface Placed {
  /** Response names, joined by dots. */
  readonly path: string
  readonly calls: number
  readonly alternative: Alternative
  /** The field, and an object type that has it at this price. */
  readonly fieldName: string
  readonly type: TypeCost
}

/** The fields of an operation that can cost anything, outermost first: 2 000 at most. The registers hold the amounts. */
export function placed({ structure, registers }: Evaluation): readonly Placed[] {
  const places: Placed[] = []
  const add = (scope: Scope, above: string, calls: number): void => {
    for (const { objects, groups } of scope.regions) {
      for (const { responseName, fieldName, alternatives } of groups) {
        const path = above === '' ? responseName : `${above}.${responseName}`
        for (const alternative of alternatives) {
          if (places.length >= POSITIONS_MAX) return
          const type = objects.find(({ fields }) => fields.get(fieldName) === alternative.field)
          places.push({ path, calls, alternative, fieldName, type: type ?? scope.type })
        }
      }
    }
  }
  add(structure.root, '', 1)
  // Grows while it is walked.
  for (const { path, calls, alternative } of places) {
    add(alternative.child, path, times(calls, at(registers.amounts, alternative.size)))
  }
  return places
}

/** What a field can cost by itself, and what it pays for then. */
export interface Share {
  readonly points: number
  /** Name of an object type that has the field, and the field's. */
  readonly type: string
  readonly field: string
  readonly calls: number
  /** What the objects weigh that it answers, in points. */
  readonly objects: number
}

/** The shares of fields by response path: the dearest where a place can be taken by several. */
export function estimatedShares(
  evaluation: Evaluation,
  variables: Variables,
): ReadonlyMap<string, Share> {
  evaluate(evaluation, variables)
  const { amounts } = evaluation.registers
  const shares = new Map<string, Share>()
  for (const { path, calls, alternative, type, fieldName } of placed(evaluation)) {
    const { call, size, weight } = alternative
    const answered = times(calls, at(amounts, size))
    const objects = Math.max(0, times(answered, weight))
    const points = times(calls, at(amounts, call)) + objects
    if (points < (shares.get(path)?.points ?? 0)) continue
    shares.set(path, { points, type: type.name, field: fieldName, calls, objects })
  }
  return shares
}
