import {
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

/** Names of the variables that `@skip` and `@include` read in an operation and the fragments that it reaches. */
export function booleanVariables(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): readonly string[] {
  const names = new Set<string>()
  const visited = new Set<string>()
  const open: SelectionSetNode[] = [operation.selectionSet]
  for (let set = open.pop(); set !== undefined; set = open.pop()) {
    for (const selection of set.selections) {
      for (const { name, arguments: given } of selection.directives ?? []) {
        if (name.value !== 'skip' && name.value !== 'include') continue
        for (const { value } of given ?? []) {
          if (value.kind === Kind.VARIABLE) names.add(value.name.value)
        }
      }
      if (selection.kind !== Kind.FRAGMENT_SPREAD) {
        if (selection.selectionSet !== undefined) open.push(selection.selectionSet)
        continue
      }
      if (visited.has(selection.name.value)) continue
      visited.add(selection.name.value)
      const fragment = fragments.get(selection.name.value)
      if (fragment !== undefined) open.push(fragment.selectionSet)
    }
  }
  return [...names]
}
