import { Kind, type OperationDefinitionNode, type SelectionNode } from 'graphql'
import type { Fragments } from './collect-fields.ts'

/** The names of the fields that an operation can ask its root type for, each once, whatever its switches say. */
export function rootFieldsOf(
  operation: OperationDefinitionNode,
  fragments: Fragments,
): readonly string[] {
  const names = new Set<string>()
  const visited = new Set<string>()
  const visit = (selection: SelectionNode): void => {
    if (selection.kind === Kind.FIELD) {
      names.add(selection.name.value)
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      selection.selectionSet.selections.forEach(visit)
    } else if (!visited.has(selection.name.value)) {
      visited.add(selection.name.value)
      fragments[selection.name.value]?.selectionSet.selections.forEach(visit)
    }
  }
  operation.selectionSet.selections.forEach(visit)
  return [...names]
}
