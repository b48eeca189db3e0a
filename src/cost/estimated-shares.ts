import { at, type Evaluation, evaluate, times } from './evaluate.ts'
import type { Alternative, Scope } from './structure.ts'
import type { Variables } from './variables.ts'

/** Positions that are looked at, outermost first. */
const POSITIONS_MAX = 2000

/** Where in the answer a field may stand, and how often it is called at most. */
export interface Placed {
  /** Response names, joined by dots. */
  readonly path: string
  readonly calls: number
  readonly alternative: Alternative
}

/** The fields of an operation that can cost anything, outermost first: 2 000 at most. The registers hold the amounts. */
export function placed({ structure, registers }: Evaluation): readonly Placed[] {
  const places: Placed[] = []
  const add = (scope: Scope, above: string, calls: number): void => {
    for (const { groups } of scope.regions) {
      for (const { responseName, alternatives } of groups) {
        const path = above === '' ? responseName : `${above}.${responseName}`
        for (const alternative of alternatives) {
          if (places.length >= POSITIONS_MAX) return
          places.push({ path, calls, alternative })
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

/** What each field can cost by itself, by response path: the most where its place can be taken by several. */
export function estimatedShares(
  evaluation: Evaluation,
  variables: Variables,
): ReadonlyMap<string, number> {
  evaluate(evaluation, variables)
  const { amounts } = evaluation.registers
  const shares = new Map<string, number>()
  for (const { path, calls, alternative } of placed(evaluation)) {
    const { call, size, weight } = alternative
    const objects = times(calls, at(amounts, size))
    const share = times(calls, at(amounts, call)) + Math.max(0, times(objects, weight))
    shares.set(path, Math.max(share, shares.get(path) ?? 0))
  }
  return shares
}
