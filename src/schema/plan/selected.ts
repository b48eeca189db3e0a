import {
  type FieldNode,
  getNamedType,
  type GraphQLField,
  type GraphQLObjectType,
  isObjectType,
} from 'graphql'
import { type RawBuilder, sql } from 'kysely'
import { type Build, column, type Count } from './build.ts'
import type { CollectedFields } from './collect-fields.ts'
import type { FieldArguments } from './field-arguments.ts'
import type { Link, Piece, Rows } from './source.ts'

/** One JSON text in pieces, what has to be joined beside the row for it, and what it counts. */
export interface Selected {
  readonly pieces: readonly Piece[]
  readonly joins: readonly RawBuilder<unknown>[]
  readonly counts: readonly Count[]
}

/** The row that an object is made from. */
export interface ObjectRow {
  readonly alias: string
  readonly rows: Rows
  /** The row that it was reached from and refers to by this column: there is no need to look that row up again. */
  readonly from?: { readonly row: ObjectRow; readonly column: string }
}

export interface ObjectSelection {
  readonly type: GraphQLObjectType
  readonly fields: CollectedFields
  readonly row: ObjectRow
  readonly label: string
}

/** Selects the text of one object from its row. */
export type SelectObject = (build: Build, selection: ObjectSelection) => Selected

/** A field that has rows of its own. */
export interface RelationSelection<Source> {
  readonly field: GraphQLField<unknown, unknown>
  readonly nodes: readonly FieldNode[]
  readonly source: Source
  readonly fieldArguments: FieldArguments
  /** The row that the field belongs to; null at the root. */
  readonly parent: ObjectRow | null
  readonly label: string
}

/** What SQL for the rows of a relation may refer to. */
export function linkOf(
  build: Build,
  { parent, fieldArguments }: Pick<RelationSelection<unknown>, 'parent' | 'fieldArguments'>,
): Omit<Link, 'row'> {
  return {
    parent: parent?.alias ?? '',
    reader: build.reader,
    bind: build.binder(fieldArguments),
    outcomeRow: (name) => build.outcomeRow(name),
    outcomeRows: (name) => build.outcomeRows(name),
  }
}

/** Puts a relation with the columns t (text) and c0, c1, … (counts) beside the row it is asked for. */
export function beside(
  build: Build,
  relation: RawBuilder<unknown>,
  counts: readonly Count[],
): {
  readonly alias: string
  readonly join: RawBuilder<unknown>
  readonly counts: readonly Count[]
} {
  const alias = build.alias()
  return {
    alias,
    join: sql`left join lateral (${relation}) as ${sql.id(alias)} on true`,
    counts: counts.map(({ label }, i) => ({
      label,
      sql: sql`coalesce(${column(alias, `c${i}`)}, 0)`,
    })),
  }
}

/** The columns under which counts leave a relation: c0, c1, …. */
export function countColumns(counts: readonly Count[]): RawBuilder<unknown>[] {
  return counts.map((count, i) => sql`${count.sql} as ${sql.id(`c${i}`)}`)
}

/** Joins behind a `from`, each on a line of its own. */
export function joinAll(joins: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return sql.join([sql``, ...joins], sql`\n`)
}

/** The field that these nodes ask for; null for `__typename`. */
export function fieldOf(
  type: GraphQLObjectType,
  [node]: readonly FieldNode[],
): GraphQLField<unknown, unknown> | null {
  return type.getFields()[node?.name.value ?? ''] ?? null
}

/** The object type that the rows behind a field become. */
export function objectTypeOf(field: GraphQLField<unknown, unknown> | null): GraphQLObjectType {
  const type = getNamedType(field?.type)
  if (!isObjectType(type))
    throw new Error(`${String(field?.name)} does not answer one type of object.`)
  return type
}
