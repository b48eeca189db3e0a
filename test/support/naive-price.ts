import {
  type DocumentNode,
  type FieldNode,
  getNamedType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql'

import type { Cost } from '../../src/cost/points.ts'
import { inlineFragments } from './inline-fragments.ts'
import { NaiveRules, type NaiveSizing } from './naive-rules.ts'

export interface NaiveRequest {
  readonly document: DocumentNode
  readonly variables: Readonly<Record<string, unknown>>
  readonly defaultListSize: number
}

/**
 * What src/cost has to answer, found by going through all objects one by one: fragments are written out, nothing is kept and
 * nothing shared. Takes time that grows exponentially.
 */
export function naivePrice(schema: GraphQLSchema, request: NaiveRequest): Cost {
  const operation = inlineFragments(request.document)
  const rules = new NaiveRules(schema, operation, request.variables)
  const root = schema.getQueryType()
  if (!root) throw new Error('The schema has no query type.')
  const { typeCost, fieldCost } = scope(root, [operation.selectionSet], null)
  return { typeCost: Math.max(0, rules.typeWeight(root) + typeCost), fieldCost }

  function scope(
    type: GraphQLNamedType,
    sets: readonly SelectionSetNode[],
    sizing: NaiveSizing | null,
  ): Cost {
    const regions: { nodes: readonly FieldNode[]; objects: GraphQLObjectType[] }[] = []
    for (const object of rules.objectsOf(type)) {
      const nodes = rules.collect(object, sets)
      const same = regions.find(
        (region) =>
          region.nodes.length === nodes.length &&
          region.nodes.every((node, position) => node === nodes[position]),
      )
      if (same === undefined) regions.push({ nodes, objects: [object] })
      else same.objects.push(object)
    }
    return most(
      regions.map(({ nodes, objects }) =>
        total(
          groups(nodes).map((group) =>
            most(objects.map((object) => groupCost(object, group, sizing))),
          ),
        ),
      ),
    )
  }

  function groupCost(
    object: GraphQLObjectType,
    nodes: readonly FieldNode[],
    parent: NaiveSizing | null,
  ): Cost {
    const [node] = nodes
    if (node === undefined) throw new Error('A group holds a node.')
    const field = rules.fieldOf(object, node.name.value)
    const size = rules.size({ field, node }, parent, request.defaultListSize)
    const type = getNamedType(field.type)
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
    const child = scope(type, sets, rules.sizing(field, node))
    return {
      typeCost: times(size, rules.typeWeight(type) + child.typeCost),
      fieldCost: rules.callCost(field, nodes) + times(size, child.fieldCost),
    }
  }
}

/** Field nodes by response name. */
export function groups(nodes: readonly FieldNode[]): readonly (readonly FieldNode[])[] {
  return [...Map.groupBy(nodes, ({ alias, name }) => (alias ?? name).value).values()]
}

function most(costs: readonly Cost[]): Cost {
  return {
    typeCost: Math.max(0, ...costs.map(({ typeCost }) => typeCost)),
    fieldCost: Math.max(0, ...costs.map(({ fieldCost }) => fieldCost)),
  }
}

function total(costs: readonly Cost[]): Cost {
  return {
    typeCost: costs.reduce((sum, { typeCost }) => sum + typeCost, 0),
    fieldCost: costs.reduce((sum, { fieldCost }) => sum + fieldCost, 0),
  }
}

function times(count: number, each: number): number {
  return count === 0 || each === 0 ? 0 : count * each
}
