import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionSetNode,
} from 'graphql'

/** Why a document's selection sets are too much to validate; null where they are not. */
export type Excess =
  | { readonly kind: 'repeated'; readonly responseName: string }
  | { readonly kind: 'too-many-fields' }
  | { readonly kind: 'long-name' }
  | null

export interface SelectionLimits {
  /** Characters of a response name: refusals name fields by their paths, one path for each field. */
  readonly nameLengthMax: number
  /** Occurrences of one response name in one merged selection set. */
  readonly occurrencesMax: number
  /** Fields in all merged selection sets together, fragments counted wherever they are spread. */
  readonly fieldsMax: number
}

/**
 * Whether a response name is too long, or occurs too often where selection sets merge. Validation compares such fields
 * pair by pair, so its time grows with their square; this walk is linear, and ends at `fieldsMax` whatever fragments do.
 *
 * Type conditions are not consulted: fields of different types are counted together, as validation compares them too.
 * @see https://spec.graphql.org/October2021/#sec-Field-Selection-Merging
 */
export function findExcess(document: DocumentNode, limits: SelectionLimits): Excess {
  const fragments = new Map<string, FragmentDefinitionNode>()
  const pending: (readonly SelectionSetNode[])[] = []
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition)
    }
    // A fragment that nothing spreads is validated as well, so each is a set of its own.
    if ('selectionSet' in definition && definition.selectionSet !== undefined) {
      pending.push([definition.selectionSet])
    }
  }
  let fieldsLeft = limits.fieldsMax
  for (let merged = pending.pop(); merged !== undefined; merged = pending.pop()) {
    const groups = groupByResponseName(merged, fragments, fieldsLeft)
    if (groups === null) return { kind: 'too-many-fields' }
    for (const [responseName, fields] of groups) {
      if (responseName.length > limits.nameLengthMax) return { kind: 'long-name' }
      if (fields.length > limits.occurrencesMax) return { kind: 'repeated', responseName }
      fieldsLeft -= fields.length
      const children = fields.flatMap((field) => field.selectionSet ?? [])
      if (children.length > 0) pending.push(children)
    }
  }
  return null
}

/** The fields of the merged sets, each fragment taken in once; null when there are more than `fieldsMax`. */
function groupByResponseName(
  merged: readonly SelectionSetNode[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  fieldsMax: number,
): Map<string, FieldNode[]> | null {
  const groups = new Map<string, FieldNode[]>()
  const spread = new Set<string>()
  const pending = [...merged]
  let fields = 0
  for (let set = pending.pop(); set !== undefined; set = pending.pop()) {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const name = selection.alias?.value ?? selection.name.value
        const group = groups.get(name)
        if (group === undefined) groups.set(name, [selection])
        else group.push(selection)
        fields += 1
        if (fields > fieldsMax) return null
        continue
      }
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        pending.push(selection.selectionSet)
        continue
      }
      const fragment = fragments.get(selection.name.value)
      if (fragment === undefined || spread.has(selection.name.value)) continue
      spread.add(selection.name.value)
      pending.push(fragment.selectionSet)
    }
  }
  return groups
}
