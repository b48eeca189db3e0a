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

/**
 * JSON text of what a root field asks of the schema. The schema alone decides it, and the variables that introspection
 * fields can use; these become part of the plan's shape.
 */
export function introspect(
  { schema, fragments, shape }: CollectContext,
  operation: OperationDefinitionNode,
  nodes: readonly FieldNode[],
): string {
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
  return JSON.stringify(answer)
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
