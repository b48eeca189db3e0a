import {
  buildSchema,
  type DocumentNode,
  executeSync,
  getNamedType,
  getNullableType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isListType,
  isNonNullType,
  isObjectType,
  printSchema,
} from 'graphql'
import { DEFAULT_PAGE_SIZE } from '../../src/cost/page-size.ts'
import { ID_PREFIXES, parseId } from '../../src/ids.ts'

export interface CheckedAnswer {
  /** The answer as graphql-js completes it: names, order and types as the document asks for them. */
  readonly data: string
  /** Label -> objects on the pages of each connection, of each type by id, and in each nullable relation, over all positions. */
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
  const byId = new Set<Path>()
  const result = executeSync({
    schema: plainSchema(schema),
    document,
    variableValues: variables,
    rootValue: JSON.parse(data),
    fieldResolver(source: object, args: Arguments, _context, info) {
      const value: unknown = Reflect.get(source, info.path.key)
      const typed = withTypes(value, args)
      if (getNamedType(info.returnType).name === 'Node') byId.add(info.path)
      const label = labelOf(info.path, byId)
      for (const [suffix, count] of countsOf(info, typed, args)) {
        counted[label + suffix] = (counted[label + suffix] ?? 0) + count
      }
      return typed
    },
    typeResolver: typeOf,
  })
  if (result.errors !== undefined) throw new AggregateError(result.errors, String(result.errors))
  return { data: JSON.stringify(result.data), counted }
}

type Path = GraphQLResolveInfo['path']

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
  sug: 'CuratedSetSuggestion',
  key: 'ApiKey',
  bkm: 'Bookmark',
  ses: 'Session',
  aud: 'AuditEntry',
  exp: 'BulkExport',
  itv: 'Intervention',
  lim: 'LimitRequest',
}

/** Objects that ids named know their type by the id. */
function withTypes(value: unknown, { id, ids }: Arguments): unknown {
  if (Array.isArray(ids) && Array.isArray(value)) {
    if (ids.length !== value.length) throw new Error(`${value.length} items for ${ids.length} ids.`)
    return value.map((item, i) => withTypes(item, { id: ids[i] }))
  }
  const prefix = parseId(String(id))?.prefix
  if (!isHolder(value) || prefix === undefined) return value
  return Object.assign(value, { [TYPE]: TYPES[prefix] })
}

/** How many objects the price of this position depends on, by what their label ends in; nothing where it does not. */
function countsOf(
  { returnType }: GraphQLResolveInfo,
  value: unknown,
  args: Arguments,
): readonly (readonly [suffix: string, count: number])[] {
  const named = getNamedType(returnType)
  if (named.name.startsWith('__')) return []
  if (named.name.endsWith('Connection')) {
    const items = itemsOfPage(value, args)
    return items === null ? [] : [['', items]]
  }
  if (named.name === 'Node') {
    return [value].flat().flatMap((item) => (isHolder(item) ? [[`@${typeOf(item)}`, 1]] : []))
  }
  if (
    isListType(getNullableType(returnType)) &&
    /^(FittingDesign|UsageRow|Oversight(Account|Key|Operation|Day)|RefusalCount|SlowedAccount)$/.test(
      named.name,
    )
  ) {
    return [['', [value].flat().length]]
  }
  const isOptional = !isNonNullType(returnType) && !isListType(returnType)
  return isOptional && isObjectType(named) ? [['', Number(value !== null)]] : []
}

function isHolder(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function typeOf(value: object): string {
  return String(Reflect.get(value, TYPE))
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

/** Response path without list positions; behind a field whose type ids decide stands the type that it has here. */
function labelOf(leaf: Path, byId: ReadonlySet<Path>): string {
  const names: (string | number)[] = []
  let below: string | undefined
  for (let path: Path | undefined = leaf; path; path = path.prev) {
    // List positions have no type that they are a field of.
    if (path.typename === undefined) continue
    const isTyped = byId.has(path) && below !== undefined
    names.unshift(isTyped ? `${path.key}@${below}` : path.key)
    below = path.typename
  }
  return names.join('.')
}
