import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  type SelectionSetNode,
} from 'graphql'
import type { Shape } from './shape.ts'

/** By name. Nothing else is found under any name, not even what every object has. */
export type Fragments = Readonly<Record<string, FragmentDefinitionNode>>

/** The fragments of a document, valid or not. */
export function fragmentsOf({ definitions }: DocumentNode): Fragments {
  const fragments: Record<string, FragmentDefinitionNode> = Object.fromEntries(
    definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((fragment) => [fragment.name.value, fragment]),
  )
  Object.setPrototypeOf(fragments, null)
  return fragments
}

/** Field nodes by response name, in the order of the answer; the nodes of one name are merged. */
export type CollectedFields = ReadonlyMap<string, readonly FieldNode[]>

export interface CollectContext {
  readonly schema: GraphQLSchema
  readonly fragments: Fragments
  readonly shape: Shape
}

/**
 * The fields that an object of this type answers.
 * @see https://spec.graphql.org/October2021/#CollectFields()
 */
export function collectFields(
  context: CollectContext,
  type: GraphQLObjectType,
  selectionSets: readonly SelectionSetNode[],
): CollectedFields {
  const fields = new Map<string, FieldNode[]>()
  const visited = new Set<string>()
  for (const selectionSet of selectionSets) {
    collectInto(context, type, selectionSet, { fields, visited })
  }
  return fields
}

/** The fields below merged field nodes. */
export function collectSubfields(
  context: CollectContext,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
): CollectedFields {
  const selectionSets = nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
  return collectFields(context, type, selectionSets)
}

interface Collection {
  readonly fields: Map<string, FieldNode[]>
  readonly visited: Set<string>
}

function collectInto(
  context: CollectContext,
  type: GraphQLObjectType,
  selectionSet: SelectionSetNode,
  collection: Collection,
): void {
  for (const selection of selectionSet.selections) {
    if (!context.shape.includes(selection)) continue
    if (selection.kind === Kind.FIELD) {
      const name = selection.alias?.value ?? selection.name.value
      const nodes = collection.fields.get(name)
      if (nodes === undefined) collection.fields.set(name, [selection])
      else nodes.push(selection)
      continue
    }
    if (selection.kind === Kind.FRAGMENT_SPREAD) {
      if (collection.visited.has(selection.name.value)) continue
      collection.visited.add(selection.name.value)
    }
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD ? context.fragments[selection.name.value] : selection
    if (
      fragment === undefined ||
      !applies(context.schema, fragment.typeCondition?.name.value, type)
    )
      continue
    collectInto(context, type, fragment.selectionSet, collection)
  }
}

function applies(
  schema: GraphQLSchema,
  condition: string | undefined,
  type: GraphQLObjectType,
): boolean {
  if (condition === undefined || condition === type.name) return true
  const conditional = schema.getType(condition)
  return isAbstractType(conditional) && schema.isSubType(conditional, type)
}
