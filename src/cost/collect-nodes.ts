import { type FieldNode, Kind, type SelectionSetNode } from 'graphql'

import { appliesTo, type DocumentView, fragmentOf, isIncluded } from './document-view.ts'
import type { TypeCost } from './type-cost.ts'

/** The field nodes that are active for objects of a type, each once, in the order of the document. */
export function collectNodes(
  view: DocumentView,
  object: TypeCost,
  selectionSets: readonly SelectionSetNode[],
): readonly FieldNode[] {
  const nodes: FieldNode[] = []
  const visited = new Set<SelectionSetNode>()
  const visit = (selectionSet: SelectionSetNode, depth: number): void => {
    view.effort.spend(1, depth)
    if (visited.has(selectionSet)) return
    visited.add(selectionSet)
    for (const selection of selectionSet.selections) {
      view.effort.spend(1)
      if (!isIncluded(view, selection)) continue
      if (selection.kind === Kind.FIELD) nodes.push(selection)
      const fragment = fragmentOf(view, selection)
      if (fragment === null || !appliesTo(fragment, object)) continue
      visit(fragment.selectionSet, depth + 1)
    }
  }
  for (const selectionSet of selectionSets) visit(selectionSet, 0)
  return nodes
}

/** The selection sets below merged field nodes. */
export function selectionSetsOf(nodes: readonly FieldNode[]): readonly SelectionSetNode[] {
  return nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
}
