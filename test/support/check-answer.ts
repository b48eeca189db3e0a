import {
  buildSchema,
  type DocumentNode,
  executeSync,
  getNamedType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isListType,
  isNonNullType,
  isObjectType,
  printSchema,
} from 'graphql'
import { DEFAULT_PAGE_SIZE } from '../../src/cost/page-size.ts'
import { ID_PREFIXES, parseId } from '../../src/schema/ids.ts'

export interface CheckedAnswer {
  /** The answer as graphql-js completes it: names, order and types as the document asks for them. */
  readonly data: string
  /** Response path -> objects in each connection, list by id and nullable relation, over all positions. */
  readonly counted: Readonly<Record<string, number>>
}

/**
 * The answer, executed once more by graphql-js, every field of which reads what stands under its response name.
 * @throws when a value does not fit its type, or a page holds more than was asked for
 */
export function checkAnswer(
  schema: GraphQLSchema,
  { document, variables }: { document: DocumentNode; variables: Readonly<Record<string, unknown>> },
  data: string,
): CheckedAnswer {
  const counted: Record<string, number> = {}
  const result = executeSync({
    schema: plainSchema(schema),
    document,
    variableValues: variables,
    rootValue: JSON.parse(data),
    fieldResolver(source: object, args: Arguments, _context, info) {
      const value: unknown = Reflect.get(source, info.path.key)
      const count = countOf(info, value, args)
      if (count !== null) {
        const path = pathOf(info)
        counted[path] = (counted[path] ?? 0) + count
      }
      return withTypes(value, args)
    },
    typeResolver: (value: object) => Reflect.get(value, TYPE),
  })
  if (result.errors !== undefined) throw new AggregateError(result.errors, String(result.errors))
  return { data: JSON.stringify(result.data), counted }
}

type Arguments = Readonly<Record<string, unknown>>

/** Without resolvers and scalars of ours. */
function plainSchema(schema: GraphQLSchema): GraphQLSchema {
  const known = plainSchemas.get(schema)
  if (known !== undefined) return known
  const plain = buildSchema(printSchema(schema))
  plainSchemas.set(schema, plain)
  return plain
}

const plainSchemas = new WeakMap<GraphQLSchema, GraphQLSchema>()

const TYPE = Symbol('type')

const TYPES: Readonly<Record<keyof typeof ID_PREFIXES, string>> = {
  acc: 'AccountProfile',
  set: 'MeasurementSet',
  pat: 'Pattern',
  cur: 'CuratedSet',
  key: 'ApiKey',
  bkm: 'Bookmark',
}

/** Objects that ids named know their type by the id. */
function withTypes(value: unknown, { id, ids }: Arguments): unknown {
  if (Array.isArray(ids) && Array.isArray(value)) {
    if (ids.length !== value.length) throw new Error(`${value.length} items for ${ids.length} ids.`)
    return value.map((item, i) => withTypes(item, { id: ids[i] }))
  }
  const prefix = parseId(String(id))?.prefix
  if (typeof value !== 'object' || value === null || prefix === undefined) return value
  return Object.assign(value, { [TYPE]: TYPES[prefix] })
}

/** How many objects the price of this position depends on; null where it does not. */
function countOf(info: GraphQLResolveInfo, value: unknown, args: Arguments): number | null {
  const named = getNamedType(info.returnType)
  if (named.name.startsWith('__')) return null
  if (named.name.endsWith('Connection')) return itemsOfPage(value, args)
  if (named.name === 'Node' && Array.isArray(value)) {
    return value.filter((item) => item !== null).length
  }
  const isOptional = !isNonNullType(info.returnType) && !isListType(info.returnType)
  return isOptional && (isObjectType(named) || named.name === 'Node')
    ? Number(value !== null)
    : null
}

/** Items of a page; null where none of its items is asked for. */
function itemsOfPage(page: unknown, { first, last }: Arguments): number | null {
  const lists = Object.values(page ?? {}).filter((member) => Array.isArray(member))
  const [items] = lists
  if (items === undefined) return null
  const size = Number(first ?? last ?? DEFAULT_PAGE_SIZE)
  if (lists.some(({ length }) => length !== items.length || length > size)) {
    throw new Error(`A page of ${size} holds lists of ${lists.map(({ length }) => length).join()}.`)
  }
  return items.length
}

/** Response path without list positions, and without the fields that only shape a page. */
function pathOf(info: GraphQLResolveInfo): string {
  const keys: (string | number)[] = []
  for (let path: typeof info.path | undefined = info.path; path; path = path.prev) {
    const isShape = /Connection$|Edge$/.test(path.typename ?? '')
    if (path.typename !== undefined && !isShape) keys.unshift(path.key)
  }
  return keys.join('.')
}
