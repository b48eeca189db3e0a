import {
  type DocumentNode,
  getNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isObjectType,
  Kind,
  OperationTypeNode,
  type SelectionSetNode,
} from 'graphql'
import { compileCost } from '../cost/schema-cost.ts'
import { kindOf, type Payment, PAYMENTS } from './payments.ts'

/** How often an operation came to pay: once itself, for each object in its answer, and for fields by kind. */
export type PriceCounts = Readonly<Record<Payment, number>>

const PAYMENT_NAMES = Object.keys(PAYMENTS) as Payment[] // one key for each payment

/**
 * What an answer paid for, told from the document and its `data` alone. The document holds one query, no fragment but inline
 * ones, no field twice in one selection, and `__typename` wherever a type is abstract.
 */
export function countPrices(
  schema: GraphQLSchema,
  document: DocumentNode,
  data: unknown,
): PriceCounts {
  const { types } = compileCost(schema)
  const counts = { ...PAYMENTS }
  for (const payment of PAYMENT_NAMES) counts[payment] = 0
  const operation = document.definitions.find(
    (definition) => definition.kind === Kind.OPERATION_DEFINITION,
  )
  const root = schema.getRootType(OperationTypeNode.QUERY)
  if (operation === undefined || !root) throw new Error('There is no query to count.')
  counts.operation = 1
  if (isObject(data)) countFields(root, operation.selectionSet, data)
  return counts

  function countValue(type: string, selections: SelectionSetNode, value: unknown): void {
    if (Array.isArray(value)) return value.forEach((item) => countValue(type, selections, item))
    if (!isObject(value)) return
    const object = objectType(type, value)
    counts.object += types.get(object.name)?.weight ?? 0
    countFields(object, selections, value)
  }

  function countFields(
    object: GraphQLObjectType,
    { selections }: SelectionSetNode,
    value: Readonly<Record<string, unknown>>,
  ): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) throw new Error('Fragments are not counted.')
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const type = selection.typeCondition?.name.value ?? object.name
        if (type === object.name) countFields(object, selection.selectionSet, value)
        continue
      }
      const { name, alias, selectionSet } = selection
      const field = object.getFields()[name.value]
      if (field === undefined) continue
      const kind = kindOf(field)
      if (kind !== null) counts[kind] += 1
      if (selectionSet === undefined) continue
      countValue(getNamedType(field.type).name, selectionSet, value[(alias ?? name).value])
    }
  }

  function objectType(name: string, value: Readonly<Record<string, unknown>>): GraphQLObjectType {
    const found = schema.getType(name)
    const type = isObjectType(found) ? found : schema.getType(String(value['__typename']))
    if (isObjectType(type)) return type
    throw new Error(`An answer of ${name} does not say its __typename.`)
  }
}

/** Points of what was paid. */
export function pointsOf(counts: PriceCounts): number {
  return PAYMENT_NAMES.reduce((sum, payment) => sum + counts[payment] * PAYMENTS[payment], 0)
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
