import type { FieldNode, OperationDefinitionNode } from 'graphql'

import { callCost, callHasVariables } from './call-cost.ts'
import { collectNodes, selectionSetsOf } from './collect-nodes.ts'
import { CostError } from './cost-error.ts'
import type { DocumentView } from './document-view.ts'
import { fieldPrice, fieldPrices } from './field-prices.ts'
import { type ExpectedSize, expectedSize, readExpected } from './expected-size.ts'
import { NodeLists } from './node-lists.ts'
import { partition } from './partition.ts'
import { Slots } from './slots.ts'
import type { Alternative, Group, Region, Scope, Structure } from './structure.ts'
import type { FieldCost, TypeCost } from './type-cost.ts'
import type { ReadVariable, Variables } from './variables.ts'

/** An operation under certain values of its boolean variables. */
export interface OperationView extends DocumentView {
  readonly operation: OperationDefinitionNode
  readonly read: ReadVariable
  /** Names of root fields that are priced elsewhere. */
  readonly free: ReadonlySet<string>
}

/**
 * What the operation selects.
 * @throws {CostError} for a field that does not exist, and for a document that is too complex
 */
export function buildStructure(view: OperationView): Structure {
  return new StructureBuilder(view).build()
}

interface Selection {
  readonly type: TypeCost
  /** The merged nodes above; none above the root. */
  readonly nodes: readonly FieldNode[]
  /** The field above, where it says the size of fields below. */
  readonly sizedBy: Sizing | null
  readonly depth: number
}

interface Sizing {
  readonly field: FieldCost
  readonly names: ReadonlySet<string>
  readonly expected: ExpectedSize | null
}

/** What a scope weighs beside the selections that are counted one by one. */
const STEPS_OF_SCOPE = 50
const NO_VARIABLES: Variables = {}

class StructureBuilder {
  readonly #view: OperationView
  readonly #slots = new Slots()
  readonly #lists = new NodeLists()
  readonly #scopes: Scope[] = []
  readonly #known = new Map<string, Scope | 'under way'>()

  constructor(view: OperationView) {
    this.#view = view
  }

  build(): Structure {
    const { schemaCost, operation } = this.#view
    const type = schemaCost.roots.get(operation.operation)
    if (type === undefined) throw new CostError(`the schema has no ${operation.operation}`)
    this.#scopes.push({ index: 0, type, regions: [] })
    const root = this.#scope({ type, nodes: [], sizedBy: null, depth: 0 })
    return { rootWeight: type.weight, root, scopes: this.#scopes, ...this.#slots.all() }
  }

  #scope(selection: Selection): Scope {
    const { type, nodes, sizedBy } = selection
    if (type.kind === 'leaf') return this.#empty()
    const key = `${this.#lists.idOf(nodes)} ${type.name} ${sizedBy?.field.id ?? ''}`
    const known = this.#known.get(key)
    if (known === 'under way') throw new CostError('a fragment of the document holds itself')
    if (known !== undefined) return known
    this.#known.set(key, 'under way')
    const scope = this.#newScope(selection)
    this.#known.set(key, scope)
    return scope
  }

  #newScope(selection: Selection): Scope {
    const { type, nodes, depth } = selection
    this.#view.effort.spend(STEPS_OF_SCOPE, depth)
    const sets = depth === 0 ? [this.#view.operation.selectionSet] : selectionSetsOf(nodes)
    const regions: Region[] = []
    for (const objects of partition(this.#view, type, sets)) {
      const groups = this.#groups(selection, objects)
      if (groups.length > 0) regions.push({ objects, groups })
    }
    if (regions.length === 0) return this.#empty()
    const scope = { index: this.#scopes.length, type, regions }
    this.#scopes.push(scope)
    return scope
  }

  #empty(): Scope {
    const [empty] = this.#scopes
    if (empty === undefined) throw new Error('The empty scope is made first.')
    return empty
  }

  #groups(selection: Selection, objects: readonly TypeCost[]): readonly Group[] {
    const [first] = objects
    if (first === undefined) return []
    const { depth, nodes: above } = selection
    const sets = depth === 0 ? [this.#view.operation.selectionSet] : selectionSetsOf(above)
    const byName = new Map<string, FieldNode[]>()
    for (const node of collectNodes(this.#view, first, sets)) {
      const name = node.alias?.value ?? node.name.value
      const nodes = byName.get(name)
      if (nodes === undefined) byName.set(name, [node])
      else nodes.push(node)
    }
    const groups: Group[] = []
    for (const [responseName, nodes] of byName) {
      const fieldName = nodes[0]?.name.value ?? ''
      if (depth === 0 && this.#view.free.has(fieldName)) continue
      const alternatives: Alternative[] = []
      for (const field of this.#fieldsOf(selection.type, objects, fieldName)) {
        const alternative = this.#alternative(selection, fieldName, { field, nodes })
        if (alternative !== null) alternatives.push(alternative)
      }
      if (alternatives.length > 0) groups.push({ responseName, fieldName, alternatives })
    }
    return groups
  }

  #fieldsOf(type: TypeCost, objects: readonly TypeCost[], name: string): ReadonlySet<FieldCost> {
    const meta = this.#view.schemaCost.metaFields.get(name)
    if (meta !== undefined) return new Set([meta])
    // Most types price a field alike, however many there are.
    const ofAll = fieldPrices(type, name)
    if (objects === type.objects || ofAll.size === 1) return ofAll
    this.#view.effort.spend(objects.length)
    return new Set(objects.map((object) => fieldPrice(object, name)))
  }

  /** Null where it never costs anything. */
  #alternative(
    selection: Selection,
    fieldName: string,
    { field, nodes }: { readonly field: FieldCost; readonly nodes: readonly FieldNode[] },
  ): Alternative | null {
    const { read, schemaCost } = this.#view
    const call = { field, nodes, directives: schemaCost.directives }
    const isFixed = !callHasVariables(call)
    const fixedCost = isFixed ? callCost(call, { read, variables: NO_VARIABLES }) : null
    const [first] = nodes
    const expected = first === undefined ? null : expectedSize(field, first, read)
    const names = field.listSize?.sizedFields ?? new Set()
    const sizedBy = names.size === 0 ? null : { field, names, expected }
    const child = this.#scope({ type: field.output, nodes, sizedBy, depth: selection.depth + 1 })
    if (fixedCost === 0 && field.output.weight === 0 && child.index === 0) return null
    const isSizedByParent = field.isList && (selection.sizedBy?.names.has(fieldName) ?? false)
    return {
      field,
      weight: field.output.weight,
      call:
        fixedCost === null
          ? this.#slots.variable((variables) => callCost(call, { read, variables }))
          : this.#slots.constant(fixedCost),
      size: field.isList
        ? this.#size([
            isSizedByParent ? (selection.sizedBy?.expected ?? null) : null,
            sizedBy === null ? expected : null,
          ])
        : this.#slots.constant(1),
      child,
      expected,
      isSizedByParent,
    }
  }

  #size(said: readonly (ExpectedSize | null)[]): number {
    const { defaultListSize } = this.#view.schemaCost
    const read = (variables: Variables): number => {
      for (const expected of said) {
        const size = expected === null ? null : readExpected(expected, variables)
        if (size !== null) return size
      }
      return defaultListSize
    }
    const isFixed = said.every((expected) => expected === null || expected.sizes.length === 0)
    const sizing = { said, defaultSize: defaultListSize }
    return this.#slots.size(sizing, isFixed ? read(NO_VARIABLES) : read)
  }
}
