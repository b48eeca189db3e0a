import type { ExpectedSize } from './expected-size.ts'
import type { FieldCost, TypeCost } from './type-cost.ts'
import type { Variables } from './variables.ts'

/**
 * What an operation selects under certain values of its boolean variables, as a graph: a scope for every type and merged
 * field nodes that are met, wherever they are met. Amounts lie in slots, so that variables change numbers only.
 */
export interface Structure {
  readonly rootWeight: number
  readonly root: Scope
  /** Children before their parents. The first is empty. */
  readonly scopes: readonly Scope[]
  /** How many slots there are. */
  readonly slots: number
  /** Amounts that stay. */
  readonly constants: readonly { readonly slot: number; readonly value: number }[]
  /** Amounts that variables have a say in. */
  readonly amounts: readonly VariableAmount[]
  /** Which amounts are sizes, and what says them. */
  readonly sizes: readonly SizeSlot[]
}

export interface VariableAmount {
  readonly slot: number
  readonly read: (variables: Variables) => number
}

/** The size of a list: the first that is said, else the default. */
export interface SizeSlot {
  readonly slot: number
  /** Of the parent, then of the field itself; null where it says none. */
  readonly said: readonly (ExpectedSize | null)[]
  readonly defaultSize: number
}

/** A selection as far as it can cost anything. */
export interface Scope {
  readonly index: number
  readonly type: TypeCost
  readonly regions: readonly Region[]
}

/** Objects for which the same selections are active. */
export interface Region {
  readonly objects: readonly TypeCost[]
  readonly groups: readonly Group[]
}

/** The field nodes of one response name. */
export interface Group {
  readonly responseName: string
  readonly fieldName: string
  /** The different prices of the field among the region's objects. */
  readonly alternatives: readonly Alternative[]
}

export interface Alternative {
  readonly field: FieldCost
  /** Of the type that it answers. */
  readonly weight: number
  /** Slot of what one call costs. */
  readonly call: number
  /** Slot of how many objects a call answers. */
  readonly size: number
  readonly child: Scope
  /** What the field says of sizes; null: nothing. */
  readonly expected: ExpectedSize | null
  /** Whether the parent's `sizedFields` name it. */
  readonly isSizedByParent: boolean
}
