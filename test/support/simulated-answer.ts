import {
  type FieldNode,
  getNamedType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  type SelectionSetNode,
} from 'graphql'

import type { Cost } from '../../src/cost/points.ts'
import { inlineFragments } from './inline-fragments.ts'
import { groups, type NaiveRequest } from './naive-price.ts'
import { type Field, NaiveRules, type NaiveSizing } from './naive-rules.ts'

/** How an answer comes out: how many items of at most so many, and which of the types a position may hold. */
export interface Fate {
  readonly items: (atMost: number) => number
  readonly type: (types: readonly GraphQLObjectType[]) => GraphQLObjectType
}

export interface SimulatedAnswer {
  /** Of the objects that were answered, one by one. */
  readonly cost: Cost
  /** Of every list of objects and every nullable relation, by label. */
  readonly counts: ReadonlyMap<string, number>
}

interface Place {
  /** Objects of one type that stand at one position, counted under this label. */
  readonly label: string
  /** Items on the page, where the parent says the size of this type's fields. */
  readonly rows: number
  readonly sizing: NaiveSizing | null
}

/** Answers an operation at random, and adds up what each object and each call in it costs. */
export function simulateAnswer(
  schema: GraphQLSchema,
  request: NaiveRequest,
  fate: Fate,
): SimulatedAnswer {
  const operation = inlineFragments(request.document)
  const rules = new NaiveRules(schema, operation, request.variables)
  const counts = new Map<string, number>()
  let fieldCost = 0
  const root = schema.getQueryType()
  if (!root) throw new Error('The schema has no query type.')
  const typeCost = object(root, [operation.selectionSet], { label: '', rows: 0, sizing: null })
  return { cost: { typeCost: Math.max(0, typeCost), fieldCost }, counts }

  /** The weights of an object and of all below it. */
  function object(
    type: GraphQLObjectType,
    sets: readonly SelectionSetNode[],
    place: Place,
  ): number {
    let weight = rules.typeWeight(type)
    for (const nodes of groups(rules.collect(type, sets))) weight += call(type, nodes, place)
    return weight
  }

  function call(type: GraphQLObjectType, nodes: readonly FieldNode[], place: Place): number {
    const [node] = nodes
    if (node === undefined) throw new Error('A group holds a node.')
    const field = rules.fieldOf(type, node.name.value)
    fieldCost += rules.callCost(field, nodes)
    const name = (node.alias ?? node.name).value
    const label = place.label === '' ? name : `${place.label}.${name}`
    const output = getNamedType(field.type)
    const sizing = rules.sizing(field, node)
    const atMost = rules.size({ field, node }, place.sizing, request.defaultListSize)
    const isSized = isList(field) && place.sizing?.names.includes(node.name.value) === true
    const isPage = sizing.names.length > 0
    const isCounted = isList(field) || !isNonNullType(field.type)
    // Nobody counts scalars, and the label of a page is its rows: of those there are as many as there can be.
    const isFull = isLeafType(output) || isPage || !isCounted
    const items = isSized ? place.rows : isFull ? atMost : fate.items(atMost)
    if (isLeafType(output)) return items * rules.typeWeight(output)
    if (!isSized && !isFull) add(label, items)
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
    let weight = 0
    for (const answered of typesOf(output, label, items)) {
      const own = isAbstractType(output) ? `${label}@${answered.name}` : label
      const rows = fate.items(sizing.size ?? 0)
      const sized = isPage && sizing.size !== null
      if (sized) add(own, rows)
      weight += object(answered, sets, { label: own, rows, sizing: sized ? sizing : null })
    }
    return weight
  }

  function typesOf(
    output: GraphQLNamedType,
    label: string,
    items: number,
  ): readonly GraphQLObjectType[] {
    const possible = rules.objectsOf(output)
    const chosen = Array.from({ length: items }, () => fate.type(possible))
    if (isAbstractType(output)) {
      for (const type of possible) add(`${label}@${type.name}`, 0)
      for (const type of chosen) add(`${label}@${type.name}`, 1)
    }
    return chosen
  }

  function add(label: string, items: number): void {
    counts.set(label, (counts.get(label) ?? 0) + items)
  }
}

function isList({ type }: Field): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type)
}
