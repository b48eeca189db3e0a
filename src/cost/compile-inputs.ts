import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLSchema,
  isInputObjectType,
  isLeafType,
} from 'graphql'

import { CostError } from './cost-error.ts'
import { valueCost } from './input-cost.ts'
import { readWeight } from './read-cost.ts'
import type { InputObjectCost, InputValueCost } from './type-cost.ts'

/** The price of an argument of this coordinate. */
export type CompileInput = (argument: GraphQLArgument, coordinate: string) => InputValueCost

/** Still being priced: `absentCost` is not known before the fields inside are. */
interface Draft extends InputValueCost {
  readonly coordinate: string
  inside: InputObjectCost | null
  absentCost: number
  state: 'new' | 'under way' | 'priced'
}

/**
 * Prices all input fields of the schema at once, and then every argument that it is asked for.
 * @throws {CostError} for an invalid weight, and for defaults that hold each other without end
 */
export function compileInputs(schema: GraphQLSchema): CompileInput {
  const inputs = new Map<string, readonly GraphQLInputField[]>()
  for (const type of Object.values(schema.getTypeMap())) {
    if (isInputObjectType(type)) inputs.set(type.name, Object.values(type.getFields()))
  }
  const drafts = new Map<string, Draft[]>()
  for (const [name, fields] of inputs) {
    drafts.set(
      name,
      fields.map((field) => draftOf(field, `${name}.${field.name}`)),
    )
  }
  const costly = costlyInputs(inputs, drafts)
  const priceInside = (draft: Draft, input: GraphQLArgument | GraphQLInputField) => {
    const name = getNamedType(input.type).name
    draft.inside = costly.has(name) ? { name, fields: drafts.get(name) ?? [] } : null
  }
  for (const [name, fields] of inputs) {
    for (const [position, draft] of (drafts.get(name) ?? []).entries()) {
      const field = fields[position]
      if (field !== undefined) priceInside(draft, field)
    }
  }
  for (const draft of [...drafts.values()].flat()) settle(draft)
  return (argument, coordinate) => {
    const draft = draftOf(argument, coordinate)
    priceInside(draft, argument)
    settle(draft)
    return draft
  }
}

function draftOf(input: GraphQLArgument | GraphQLInputField, coordinate: string): Draft {
  return {
    name: input.name,
    weight: readWeight(input, coordinate) ?? (isLeafType(getNamedType(input.type)) ? 0 : 1),
    defaultValue: input.defaultValue,
    coordinate,
    inside: null,
    absentCost: 0,
    state: 'new',
  }
}

/** Names of the input objects in which something can cost, however deep. */
function costlyInputs(
  inputs: ReadonlyMap<string, readonly GraphQLInputField[]>,
  drafts: ReadonlyMap<string, readonly Draft[]>,
): ReadonlySet<string> {
  const holders = new Map<string, string[]>()
  for (const [name, fields] of inputs) {
    for (const field of fields) {
      const inner = getNamedType(field.type).name
      holders.set(inner, [...(holders.get(inner) ?? []), name])
    }
  }
  const costly = new Set<string>()
  const reach = (name: string): void => {
    if (costly.has(name)) return
    costly.add(name)
    holders.get(name)?.forEach(reach)
  }
  for (const [name, fields] of drafts) {
    if (fields.some((field) => field.weight !== 0)) reach(name)
  }
  return costly
}

function settle(draft: Draft): number {
  if (draft.state === 'priced') return draft.absentCost
  if (draft.state === 'under way') throw new CostError('its default never ends', draft.coordinate)
  draft.state = 'under way'
  if (draft.defaultValue !== undefined) {
    // What stands inside are drafts of this very schema.
    const inside = valueCost(draft.inside, draft.defaultValue, (field) => settle(field as Draft))
    draft.absentCost = draft.weight + inside
  }
  draft.state = 'priced'
  return draft.absentCost
}
