import {
  executeSync,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  type VariableDefinitionNode,
} from 'graphql'
import { apiError } from '../../errors.ts'
import type { CollectContext } from './collect-fields.ts'

/** Whether a root field asks for the schema itself. */
export function isIntrospection([node]: readonly FieldNode[]): boolean {
  return node?.name.value === '__schema' || node?.name.value === '__type'
}

/** What a root field asks of the schema: its JSON text, and how many objects stand in it. */
export interface Introspected {
  readonly text: string
  readonly objects: number
}

/**
 * What a root field asks of the schema, answered. The schema alone decides it, and the variables that introspection
 * fields can use; these become part of the plan's shape.
 */
export function introspect(
  { schema, fragments, shape }: CollectContext,
  operation: OperationDefinitionNode,
  nodes: readonly FieldNode[],
): Introspected {
  const definitions = (operation.variableDefinitions ?? []).filter(isUsable)
  const names = definitions.map(({ variable }) => variable.name.value)
  const variables = shape.decide((values) =>
    JSON.stringify(names.map((name) => cut(values[name] ?? null))),
  )
  const values: unknown[] = JSON.parse(variables)
  const { data, errors } = executeSync({
    schema,
    document: {
      kind: Kind.DOCUMENT,
      definitions: [
        {
          kind: Kind.OPERATION_DEFINITION,
          operation: operation.operation,
          variableDefinitions: definitions,
          selectionSet: { kind: Kind.SELECTION_SET, selections: nodes },
        },
        ...Object.values(fragments),
      ],
    },
    variableValues: Object.fromEntries(names.map((name, i) => [name, values[i]])),
  })
  const [error] = errors ?? []
  // The document is valid: only a variable that is null in spite of its default is left to go wrong.
  if (error !== undefined) throw apiError('VARIABLE_INVALID', { message: error.message, at: error })
  const [answer = null] = Object.values(data ?? {})
  return { text: JSON.stringify(answer), objects: countObjects(answer) }
}

/** Validation bounds the depth of a document, and with it how deep this goes. */
function countObjects(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const members: readonly unknown[] = Object.values(value)
  const own = Array.isArray(value) ? 0 : 1
  return members.reduce<number>((sum, member) => sum + countObjects(member), own)
}

/** Introspection fields take one text or boolean; a variable of another type belongs to another field. */
function isUsable({ type }: VariableDefinitionNode): boolean {
  const named = type.kind === Kind.NON_NULL_TYPE ? type.type : type
  return named.kind === Kind.NAMED_TYPE && ['String', 'Boolean'].includes(named.name.value)
}

/** What counts of a value: a text longer than every name of the schema names nothing, however it goes on. */
function cut(value: unknown): unknown {
  return typeof value === 'string' ? value.slice(0, NAME_LENGTH_MAX + 1) : value
}

const NAME_LENGTH_MAX = 100
