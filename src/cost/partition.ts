import { Kind, type SelectionSetNode } from 'graphql'

import { appliesTo, type DocumentView, fragmentOf, isIncluded } from './document-view.ts'
import type { TypeCost } from './type-cost.ts'

/**
 * Parts the objects of a type into regions: two are together where the same selections are active for them. What a fragment
 * selects counts where it is spread, so that a price is the same whether text is repeated or spread repeatedly.
 */
export function partition(
  view: DocumentView,
  type: TypeCost,
  selectionSets: readonly SelectionSetNode[],
): readonly (readonly TypeCost[])[] {
  const classes = split(type, conditionsIn(view, selectionSets))
  if (classes.length < 2) return classes
  const regions = new Map<string, TypeCost[]>()
  const sign = signer(view)
  for (const objects of classes) {
    const [first] = objects
    if (first === undefined) continue
    const signature = selectionSets.map((selectionSet) => sign(selectionSet, first)).join()
    const region = regions.get(signature)
    if (region === undefined) regions.set(signature, [...objects])
    else region.push(...objects)
  }
  return [...regions.values()]
}

/** The types that fragments below are for, however deep, fields excepted. */
function conditionsIn(
  view: DocumentView,
  selectionSets: readonly SelectionSetNode[],
): ReadonlySet<TypeCost> {
  const conditions = new Set<TypeCost>()
  const visited = new Set<SelectionSetNode>()
  const visit = (selectionSet: SelectionSetNode, depth: number): void => {
    view.effort.spend(1, depth)
    if (visited.has(selectionSet)) return
    visited.add(selectionSet)
    for (const selection of selectionSet.selections) {
      view.effort.spend(1)
      const fragment = isIncluded(view, selection) ? fragmentOf(view, selection) : null
      if (fragment === null) continue
      if (fragment.condition !== null) conditions.add(fragment.condition)
      visit(fragment.selectionSet, depth + 1)
    }
  }
  for (const selectionSet of selectionSets) visit(selectionSet, 0)
  return conditions
}

/** Objects for which the same conditions hold are together. */
function split(
  { objects, members }: TypeCost,
  conditions: ReadonlySet<TypeCost>,
): readonly (readonly TypeCost[])[] {
  const alone = [...conditions].filter((type) => type.kind === 'object' && members.has(type))
  let classes =
    alone.length === 0 ? [objects] : [objects.filter((object) => !conditions.has(object))]
  for (const condition of conditions) {
    if (condition.kind !== 'abstract') continue
    classes = classes.flatMap((known) => [
      known.filter((object) => condition.members.has(object)),
      known.filter((object) => !condition.members.has(object)),
    ])
    classes = classes.filter((known) => known.length > 0)
  }
  return [...classes, ...alone.map((object) => [object])].filter((known) => known.length > 0)
}

/** Tells what is active in a selection set for an object: equal numbers, the same selections; 0, none. */
function signer(view: DocumentView) {
  const numbers = new Map<string, number>([['', 0]])
  const known = new Map<TypeCost, Map<SelectionSetNode, number>>()
  const sign = (selectionSet: SelectionSetNode, object: TypeCost): number => {
    const ofObject = known.get(object) ?? new Map<SelectionSetNode, number>()
    known.set(object, ofObject)
    const signed = ofObject.get(selectionSet)
    if (signed !== undefined) return signed
    // A fragment that spreads itself adds nothing to itself.
    ofObject.set(selectionSet, 0)
    const active = selectionSet.selections.flatMap((selection, position) => {
      view.effort.spend(1)
      if (!isIncluded(view, selection)) return []
      if (selection.kind === Kind.FIELD) return [`${position}`]
      const fragment = fragmentOf(view, selection)
      if (fragment === null || !appliesTo(fragment, object)) return []
      const inside = sign(fragment.selectionSet, object)
      return inside === 0 ? [] : [`${position}:${inside}`]
    })
    const text = active.join()
    const number = numbers.get(text) ?? numbers.size
    numbers.set(text, number)
    ofObject.set(selectionSet, number)
    return number
  }
  return sign
}
