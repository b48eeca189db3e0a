import {
  type FieldNode,
  getNamedType,
  type GraphQLObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLOutputType,
} from 'graphql'
import { type CollectContext, collectSubfields } from './collect-fields.ts'
import { member } from './pieces.ts'

/** Writes a value that the gateway holds as JSON text. */
export type Render = (value: unknown) => string

/** How values of this type are written for the selection below these field nodes. */
export function renderOf(
  context: CollectContext,
  type: GraphQLOutputType,
  nodes: readonly FieldNode[],
): Render {
  if (isNonNullType(type)) return renderOf(context, type.ofType, nodes)
  if (isListType(type)) {
    const item = renderOf(context, type.ofType, nodes)
    return (value) => (Array.isArray(value) ? `[${value.map(item).join(',')}]` : 'null')
  }
  const named = getNamedType(type)
  return isObjectType(named) ? renderObject(context, named, nodes) : renderLeaf
}

function renderLeaf(value: unknown): string {
  return JSON.stringify(value) ?? 'null'
}

function renderObject(
  context: CollectContext,
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
): Render {
  const members = [...collectSubfields(context, type, nodes)].map(
    ([name, [node, ...others]], position) => {
      const field = node === undefined ? undefined : type.getFields()[node.name.value]
      const before = member(name, position)
      if (node === undefined || field === undefined)
        return () => `${before}${JSON.stringify(type.name)}`
      const render = renderOf(context, field.type, [node, ...others])
      return (holder: Readonly<Record<string, unknown>>) => before + render(holder[field.name])
    },
  )
  return (value) =>
    isHolder(value) ? `{${members.map((write) => write(value)).join('')}}` : 'null'
}

function isHolder(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
