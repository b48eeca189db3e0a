import {
  type DocumentNode,
  getVariableValues,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql'
import { isUnknownKey } from './identify.ts'
import { type HeldKey, keyOf } from './keyring.ts'
import type { Operation } from './post-operation.ts'

/** What the editors hold, finished or not. */
export interface Draft {
  readonly document: string
  /** JSON, as it was written. */
  readonly variables: string
  /** JSON, as it was written. */
  readonly headers: string
  /** What GraphiQL would run of several operations; null where it knows of none. */
  readonly operationName: string | null
  readonly held: HeldKey
  /** null until it was read. */
  readonly schema: GraphQLSchema | null
}

/** A question to the gateway: what would this cost? */
export interface PriceQuestion {
  readonly operation: Operation
  readonly changes: 'nothing' | 'something'
  /** The operation's name, where the document holds several; else null. */
  readonly oneOf: string | null
  /** null: the question is anonymous. */
  readonly key: string | null
  /** What a person wrote, names in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

/** Reads an object from JSON that a person wrote; undefined where there is none. Throws where it is something else. */
export type ReadJson = (text: string) => Readonly<Record<string, unknown>> | undefined

/**
 * The question that a draft asks; null while a run would be refused whatever it costs: its document, variables or headers
 * are not finished, or its key is unknown or still being looked at.
 */
export function priceQuestion(draft: Draft, readJson: ReadJson): PriceQuestion | null {
  const { schema, held } = draft
  if (schema === null || held.kind === 'checking') return null
  if (held.kind === 'refused' && isUnknownKey(held.code)) return null

  const document = finished(() => parse(draft.document))
  const variables = finished(() => readJson(draft.variables) ?? {})
  const headers = finished(() => readJson(draft.headers) ?? {})
  if (document === null || variables === null || headers === null) return null

  const operations = operationsOf(document)
  const operation = operations.length === 1 ? operations[0] : named(operations, draft.operationName)
  if (operation === undefined || validate(schema, document).length > 0) return null
  if (!fits(schema, operation, variables)) return null

  const oneOf = operations.length === 1 ? null : draft.operationName
  return {
    operation: { query: draft.document, operationName: oneOf, variables },
    changes: operation.operation === 'query' ? 'nothing' : 'something',
    oneOf,
    key: keyOf(held),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
    ),
  }
}

function finished<Value>(read: () => Value): Value | null {
  try {
    return read()
  } catch {
    // The editors underline what is missing.
    return null
  }
}

function operationsOf({ definitions }: DocumentNode): readonly OperationDefinitionNode[] {
  return definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
}

function named(
  operations: readonly OperationDefinitionNode[],
  name: string | null,
): OperationDefinitionNode | undefined {
  return operations.find((operation) => operation.name?.value === name)
}

function fits(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): boolean {
  return getVariableValues(schema, variableDefinitions, variables).errors === undefined
}
