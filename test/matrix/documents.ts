import {
  getNamedType,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
} from 'graphql'

/** A field that is asked for, or a condition on the type of what stands around it. */
export type Selection = Asked | On

export interface Asked {
  readonly kind: 'field'
  /** `Account.bio`. */
  readonly coordinate: string
  /** Response path. */
  readonly path: string
  readonly name: string
  /** Whether its answer has fields of its own. */
  readonly isComposite: boolean
  readonly below: readonly Selection[]
}

export interface On {
  readonly kind: 'on'
  readonly type: string
  /** Names of the object types that it holds for. */
  readonly holdsFor: readonly string[]
  readonly below: readonly Selection[]
}

/** What a schema has to be asked for so that every field of every type that can be reached is asked for at least once. */
export interface Selections {
  readonly queries: readonly Asked[]
  /** Again, each type that an id can name: as `node` answers it. */
  readonly nodes: readonly Asked[]
  readonly mutations: readonly Asked[]
}

/**
 * Every field stands at the shortest way to its type from the query type, by objects where there is one; what mutations
 * answer stands below each mutation that answers it.
 */
export function selectionsOf(schema: GraphQLSchema): Selections {
  const query = schema.getQueryType()
  const mutation = schema.getMutationType()
  if (!query || !mutation) throw new Error('The schema has no root types.')
  const homes = homesOf(query)
  const children = (type: GraphQLObjectType, path: string): Asked[] =>
    Object.values(type.getFields()).map((field) => {
      const at = path === '' ? field.name : `${path}.${field.name}`
      const named = getNamedType(field.type)
      const isHome = homes.get(named.name) === at
      return asked(type, field, at, isHome ? inside(named, at) : [])
    })
  const inside = (named: GraphQLNamedType, path: string): Selection[] => {
    if (isObjectType(named)) return children(named, path)
    return isInterfaceType(named) ? leavesOf(named, path, homes) : []
  }
  const open = (root: GraphQLObjectType, field: GraphQLField<unknown, unknown>): Asked => {
    const conditions = typesOf(schema, getNamedType(field.type)).map((type): On => ({
      kind: 'on',
      type: type.name,
      holdsFor: isObjectType(type)
        ? [type.name]
        : schema.getPossibleTypes(type).map(({ name }) => name),
      below: leavesOf(type, field.name, homes),
    }))
    return asked(root, field, field.name, conditions)
  }
  const byId = query.getFields()['node']
  if (byId === undefined) throw new Error('Nothing answers what an id names.')
  const { below, ...node } = open(query, byId)
  return {
    queries: children(query, ''),
    nodes: below.map((one) => ({ ...node, below: [one] })),
    mutations: Object.values(mutation.getFields()).map((field) => open(mutation, field)),
  }
}

/** Every field that is asked for, at its path. */
export function askedFor(selections: readonly Selection[]): readonly Asked[] {
  return selections.flatMap((selection) => [
    ...(selection.kind === 'field' ? [selection] : []),
    ...askedFor(selection.below),
  ])
}

/** What is left where only these fields may be asked for. */
export function pruned(
  selections: readonly Selection[],
  keep: (coordinate: string) => boolean,
): readonly Selection[] {
  return selections.flatMap((selection) =>
    selection.kind === 'field' && !keep(selection.coordinate)
      ? []
      : [{ ...selection, below: pruned(selection.below, keep) }],
  )
}

/** GraphQL text; `__typename` stands everywhere, so that nothing is empty and every answer says what it is. */
export function printSelections(
  selections: readonly Selection[],
  argumentsOf: (coordinate: string) => string,
): string {
  const parts = selections.map((selection) => {
    const below = printSelections(selection.below, argumentsOf)
    if (selection.kind === 'on') return `... on ${selection.type} ${below}`
    const { coordinate, name, isComposite } = selection
    return `${name}${argumentsOf(coordinate)}${isComposite ? ` ${below}` : ''}`
  })
  return `{ __typename ${parts.join(' ')} }`
}

/** Which of the fields an answer holds, as `path coordinate`. */
export function metIn(selections: readonly Selection[], value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item) => metIn(selections, item))
  if (!isObject(value)) return []
  return selections.flatMap((selection) => {
    if (selection.kind === 'on') {
      const holds = selection.holdsFor.includes(String(value['__typename']))
      return holds ? metIn(selection.below, value) : []
    }
    const { name, below } = selection
    return Object.hasOwn(value, name) ? [cellOf(selection), ...metIn(below, value[name])] : []
  })
}

export function cellOf({ path, coordinate }: Asked): string {
  return `${path} ${coordinate}`
}

/** The objects that an answer can be, and the interfaces that they share. */
function typesOf(
  schema: GraphQLSchema,
  named: GraphQLNamedType,
): readonly (GraphQLObjectType | GraphQLInterfaceType)[] {
  if (isObjectType(named)) return [named]
  if (!isAbstractType(named)) return []
  const objects = schema.getPossibleTypes(named)
  const interfaces = isInterfaceType(named) ? [] : objects.flatMap((type) => type.getInterfaces())
  return [...objects, ...new Set(interfaces)]
}

/** The fields of a type; of those that answer objects with no other home, theirs as well. */
function leavesOf(
  type: GraphQLObjectType | GraphQLInterfaceType,
  path: string,
  homes: Homes,
): Asked[] {
  return Object.values(type.getFields()).map((field) => {
    const at = `${path}.${field.name}`
    const named = getNamedType(field.type)
    const isHome = isObjectType(named) && !homes.has(named.name)
    return asked(type, field, at, isHome ? leavesOf(named, at, homes) : [])
  })
}

function asked(
  parent: GraphQLNamedType,
  { name, type }: GraphQLField<unknown, unknown>,
  path: string,
  below: readonly Selection[],
): Asked {
  const isComposite = isCompositeType(getNamedType(type))
  return { kind: 'field', coordinate: `${parent.name}.${name}`, path, name, isComposite, below }
}

type Homes = ReadonlyMap<string, string>

/** Type -> the path at which its fields are asked for: breadth first. */
function homesOf(query: GraphQLObjectType): Homes {
  const homes = new Map<string, string>()
  const open: { readonly type: GraphQLObjectType; readonly path: string }[] = [
    { type: query, path: '' },
  ]
  for (const { type, path } of open) {
    for (const field of Object.values(type.getFields())) {
      const named = getNamedType(field.type)
      if (!isCompositeType(named) || homes.has(named.name)) continue
      const at = path === '' ? field.name : `${path}.${field.name}`
      homes.set(named.name, at)
      if (isObjectType(named)) open.push({ type: named, path: at })
    }
  }
  return homes
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
