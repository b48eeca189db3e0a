import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'

/** The only operation of a document with every fragment written out where it is spread. No node stands in two places. */
export function inlineFragments(document: DocumentNode): OperationDefinitionNode {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition)
  }
  const operation = document.definitions.find(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  )
  if (operation === undefined) throw new Error('The document holds no operation.')
  const writeOut = (set: SelectionSetNode): SelectionSetNode => ({
    ...set,
    selections: set.selections.map((selection): SelectionNode => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value)
        if (fragment === undefined) throw new Error(`There is no ${selection.name.value}.`)
        const { typeCondition, selectionSet } = fragment
        const { directives = [] } = selection
        const kind = Kind.INLINE_FRAGMENT
        return { kind, directives, typeCondition, selectionSet: writeOut(selectionSet) }
      }
      if (selection.selectionSet === undefined) return { ...selection }
      return { ...selection, selectionSet: writeOut(selection.selectionSet) }
    }),
  })
  return { ...operation, selectionSet: writeOut(operation.selectionSet) }
}
