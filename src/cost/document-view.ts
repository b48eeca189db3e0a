import {
  type DirectiveNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type InlineFragmentNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'

import { CostError } from './cost-error.ts'
import type { SchemaCost } from './schema-cost.ts'
import type { TypeCost } from './type-cost.ts'

/** A document under certain values of its boolean variables: what `@skip` and `@include` leave of it. */
export interface DocumentView {
  readonly schemaCost: SchemaCost
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  /** The value of a variable; anything but true reads as false. */
  readonly isOn: (variable: string) => boolean
  /** What is already known of inline fragments and spreads. */
  readonly known: Map<SelectionNode, Fragment>
  /** Counts the work that a document makes. */
  readonly effort: Effort
}

/** Far more than an honest document makes; some 50 ms. */
const STEPS_MAX = 1_000_000
const DEPTH_MAX = 1000

/** Bounds the work on one document. */
export class Effort {
  #steps = 0

  /** @throws {CostError} beyond the bounds */
  spend(steps: number, depth = 0): void {
    this.#steps += steps
    if (this.#steps > STEPS_MAX || depth > DEPTH_MAX) {
      throw new CostError('the document is too complex to be priced')
    }
  }
}

/** Whether `@skip` and `@include` leave a selection in. */
export function isIncluded({ isOn }: DocumentView, selection: SelectionNode): boolean {
  for (const directive of selection.directives ?? []) {
    const { value } = directive.name
    if (value === 'skip' && holds(directive, isOn)) return false
    if (value === 'include' && !holds(directive, isOn)) return false
  }
  return true
}

function holds(directive: DirectiveNode, isOn: DocumentView['isOn']): boolean {
  const condition = directive.arguments?.find(({ name }) => name.value === 'if')?.value
  if (condition?.kind === Kind.VARIABLE) return isOn(condition.name.value)
  return condition?.kind === Kind.BOOLEAN && condition.value
}

/** What an inline fragment or a spread holds: its selections, and the type that it is for; null: for any. */
export interface Fragment {
  readonly selectionSet: SelectionSetNode
  readonly condition: TypeCost | null
}

/** @throws {CostError} for a fragment or a type that does not exist */
export function fragmentOf(view: DocumentView, selection: SelectionNode): Fragment | null {
  if (selection.kind === Kind.FIELD) return null
  const known = view.known.get(selection)
  if (known !== undefined) return known
  const fragment = findFragment(view, selection)
  view.known.set(selection, fragment)
  return fragment
}

function findFragment(
  view: DocumentView,
  selection: InlineFragmentNode | FragmentSpreadNode,
): Fragment {
  const definition =
    selection.kind === Kind.INLINE_FRAGMENT ? selection : view.fragments.get(selection.name.value)
  if (definition === undefined) throw new CostError('a fragment of the document is missing')
  const { selectionSet, typeCondition } = definition
  if (typeCondition === undefined) return { selectionSet, condition: null }
  const condition = view.schemaCost.types.get(typeCondition.name.value)
  if (condition === undefined)
    throw new CostError('there is no such type', typeCondition.name.value)
  return { selectionSet, condition }
}

/** Whether a fragment counts for objects of this type. */
export function appliesTo({ condition }: Fragment, object: TypeCost): boolean {
  return condition === null || condition.members.has(object)
}
