import { Kind, type ObjectValueNode, type ValueNode } from 'graphql'

import type { InputObjectCost, InputValueCost } from './type-cost.ts'
import { member, type ReadVariable, type Variables } from './variables.ts'

/** Values that a literal may hold. */
export interface InputContext {
  readonly read: ReadVariable
  readonly variables: Variables
}

/**
 * What an argument or input field costs, signed: its weight and all that its value costs inside, or what it costs where it
 * is left out. A variable without a value leaves it out; null is a value.
 */
export function inputCost(
  input: InputValueCost,
  node: ValueNode | undefined,
  context: InputContext,
): number {
  if (node === undefined) return input.absentCost
  if (node.kind !== Kind.VARIABLE) return input.weight + literalCost(input.inside, node, context)
  const value = context.read(node.name.value, context.variables)
  return value === undefined ? input.absentCost : input.weight + valueCost(input.inside, value)
}

function literalCost(
  inside: InputObjectCost | null,
  node: ValueNode,
  context: InputContext,
): number {
  if (inside === null) return 0
  switch (node.kind) {
    case Kind.VARIABLE:
      return valueCost(inside, context.read(node.name.value, context.variables))
    case Kind.LIST:
      return node.values.reduce((sum, item) => sum + literalCost(inside, item, context), 0)
    case Kind.OBJECT:
      return inside.fields.reduce(
        (sum, field) => sum + inputCost(field, fieldOf(node, field.name), context),
        0,
      )
    default:
      return 0
  }
}

function fieldOf(node: ObjectValueNode, name: string): ValueNode | undefined {
  return node.fields.find((field) => field.name.value === name)?.value
}

/** What a value costs inside, given as it stands: of an object its fields, of a list all its items, of anything else 0. */
export function valueCost(
  inside: InputObjectCost | null,
  value: unknown,
  absentCost: (field: InputValueCost) => number = (field) => field.absentCost,
): number {
  if (inside === null || value === null || typeof value !== 'object') return 0
  if (Array.isArray(value)) {
    return value.reduce<number>((sum, item) => sum + valueCost(inside, item, absentCost), 0)
  }
  // An object that is no list is read by the names of its fields.
  const fields = value as Variables
  return inside.fields.reduce((sum, field) => {
    const given = member(fields, field.name)
    if (given === undefined) return sum + absentCost(field)
    return sum + field.weight + valueCost(field.inside, given, absentCost)
  }, 0)
}
