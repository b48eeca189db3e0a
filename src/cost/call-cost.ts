import { type ArgumentNode, type FieldNode, Kind, type ValueNode } from 'graphql'

import { type InputContext, inputCost } from './input-cost.ts'
import type { SchemaCost } from './schema-cost.ts'
import type { FieldCost, InputValueCost } from './type-cost.ts'

/** Merged field nodes and what their field costs. */
export interface Call {
  readonly field: FieldCost
  readonly nodes: readonly FieldNode[]
  readonly directives: SchemaCost['directives']
}

/**
 * What one call of a field costs, at least 0: its weight, its arguments, and those of the directives on it. Where nodes are
 * merged, the directives are those of the dearest.
 */
export function callCost({ field, nodes, directives }: Call, context: InputContext): number {
  const [first] = nodes
  let dearest = Number.NEGATIVE_INFINITY
  for (const node of nodes) {
    let cost = 0
    for (const directive of node.directives ?? []) {
      const inputs = directives.get(directive.name.value) ?? []
      cost += inputsCost(inputs, directive.arguments, context)
    }
    if (cost > dearest) dearest = cost
  }
  const cost = field.weight + inputsCost(field.arguments, first?.arguments, context) + dearest
  // Weights so large that their sum is no number any more are not to come out as free.
  return Number.isNaN(cost) ? Number.POSITIVE_INFINITY : Math.max(0, cost)
}

/** Whether a variable has a say in what a call costs. */
export function callHasVariables({ field, nodes, directives }: Call): boolean {
  const ofDirectives = nodes.flatMap((node) => node.directives ?? [])
  return (
    haveVariables(field.arguments, nodes[0]?.arguments) ||
    ofDirectives.some((directive) =>
      haveVariables(directives.get(directive.name.value) ?? [], directive.arguments),
    )
  )
}

function inputsCost(
  inputs: readonly InputValueCost[],
  given: readonly ArgumentNode[] | undefined,
  context: InputContext,
): number {
  let cost = 0
  for (const input of inputs) cost += inputCost(input, valueOf(given, input), context)
  return cost
}

function haveVariables(
  inputs: readonly InputValueCost[],
  given: readonly ArgumentNode[] | undefined,
): boolean {
  return inputs.some((input) => {
    const value = valueOf(given, input)
    const costs = input.weight !== 0 || input.inside !== null
    return costs && value !== undefined && hasVariables(value)
  })
}

function valueOf(
  given: readonly ArgumentNode[] | undefined,
  { name }: InputValueCost,
): ValueNode | undefined {
  return given?.find((argument) => argument.name.value === name)?.value
}

function hasVariables(value: ValueNode): boolean {
  if (value.kind === Kind.LIST) return value.values.some(hasVariables)
  if (value.kind === Kind.OBJECT) return value.fields.some((field) => hasVariables(field.value))
  return value.kind === Kind.VARIABLE
}
