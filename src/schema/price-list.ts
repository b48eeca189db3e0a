import { type GraphQLField, type GraphQLSchema, isObjectType } from 'graphql'
import { FIELD_PRICES } from './prices.ts'

/** Fields of one name and one price. */
export interface PricedFields {
  readonly name: string
  /** Object types that have it. */
  readonly of: readonly string[]
  /** Points for each object that is asked for it. */
  readonly points: number
  /** How many items it can hold: arguments that say it and what holds without them; null where it holds one. */
  readonly items: string | null
}

/** The price list of a schema: its fields that cost anything, by name, read off the directives that it prints. */
export function priceList(schema: GraphQLSchema): readonly PricedFields[] {
  const rows = new Map<string, PricedFields>()
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue
    for (const field of Object.values(type.getFields())) {
      const { points, items } = priceOf(field)
      if (points === 0) continue
      const key = [field.name, points, items].join(' ')
      const of = [...(rows.get(key)?.of ?? []), type.name]
      rows.set(key, { name: field.name, of, points, items })
    }
  }
  return [...rows.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** The price list as a table in Markdown; mutations of the same price share a row. */
export function printPriceList(schema: GraphQLSchema): string {
  const list = priceList(schema)
  const others = list.filter(
    ({ of, points }) => !isMutation(of) || points !== FIELD_PRICES.mutation,
  )
  const rows = [
    `| every mutation${others.some(({ of }) => isMutation(of)) ? ' that is not in this list' : ''} | ${FIELD_PRICES.mutation} | one | \`Mutation\` |`,
    ...others.map(
      ({ name, of, points, items }) =>
        `| \`${name}\` | ${points} | ${items ?? 'one'} | ${printTypes(of)} |`,
    ),
  ]
  return ['| field | points | items | of |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

function isMutation(of: readonly string[]): boolean {
  return of.join() === 'Mutation'
}

function printTypes(types: readonly string[]): string {
  if (types.every((type) => type.endsWith('Connection'))) return 'every connection'
  return types.map((type) => `\`${type}\``).join(', ')
}

interface Printed {
  readonly cost?: { readonly weight: string }
  readonly listSize?: {
    readonly assumedSize?: number
    readonly slicingArguments?: readonly string[]
  }
}

function priceOf(field: GraphQLField<unknown, unknown>) {
  // Written by the builder alone: see FieldDirectives.
  const { cost, listSize } = (field.extensions['directives'] ?? {}) as Printed
  const points = Number(cost?.weight ?? 0)
  if (listSize === undefined) return { points, items: null }
  const { assumedSize = 0, slicingArguments = [] } = listSize
  const items =
    slicingArguments.length === 0
      ? `${assumedSize}`
      : `${slicingArguments.map((name) => `\`${name}\``).join(' or ')}, else ${assumedSize}`
  return { points, items }
}
