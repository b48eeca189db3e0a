import type { GraphQLField, GraphQLSchema } from 'graphql'
import type { RawBuilder } from 'kysely'
import type { Standing } from '../../auth/access.ts'
import type { ActContext, Outcome } from '../../auth/act.ts'
import type { DB } from '../../database/tables.generated.ts'
import type { Problem } from '../../errors.ts'
import type { IdPrefix } from '../../ids.ts'
import type { OpenedRow } from './marks.ts'
import type { PlanRequest } from './plan.ts'

/** Coerced arguments of a field, by name. */
export type ArgumentValues = Readonly<Record<string, unknown>>

/** Who reads, as the statement knows it: the standing is part of the plan, the account a parameter. */
export interface Reader {
  readonly standing: Standing
  /** SQL: the account of the principal, a uuid or null. */
  readonly me: RawBuilder<unknown>
  /** SQL: the session that asks, a uuid or null. */
  readonly session: RawBuilder<unknown>
}

/** Where the objects of a type live, and which of them a reader sees. */
export interface Rows {
  readonly table: keyof DB
  /** null where no id names any of them. */
  readonly prefix: IdPrefix | null
  /** Column with the account that a sealed value is bound to; null where nothing is sealed and nobody owns it. */
  readonly owner: string | null
  /** SQL condition on the row with this alias; null where every row is visible. */
  readonly visibleTo: (row: string, reader: Reader) => RawBuilder<unknown> | null
}

export interface PageOrder {
  /** Part of the cursor: a cursor of one order does not fit another. */
  readonly tag: string
  readonly column: string
  readonly type: 'timestamp' | 'text'
  /** No two rows share a value: there are no ties for the id to break. */
  readonly isUnique?: true
  /** The largest first. */
  readonly isDescending?: true
}

export interface PageFilter {
  /** The argument's value; null or undefined where the filter is not asked for. */
  readonly value: (values: ArgumentValues) => unknown
  /** What the statement gets for it, where that is not the value itself. */
  readonly bind?: (value: unknown, request: PlanRequest) => unknown
  readonly where: (
    row: string,
    parameter: RawBuilder<unknown>,
    reader: Reader,
  ) => RawBuilder<unknown>
}

/** What ties a row to where it is asked for. */
export interface Link {
  /** Alias of the row. */
  readonly row: string
  /** Alias of the row that the field belongs to; empty at the root. */
  readonly parent: string
  readonly reader: Reader
  /** A parameter made from the arguments of the field. */
  readonly bind: BindArgument
  /** A parameter with the row of this name of what an act has come to. */
  readonly outcomeRow: (name: string) => RawBuilder<unknown>
  /** A parameter with the rows under this name of what an act has come to: an array. */
  readonly outcomeRows: (name: string) => RawBuilder<unknown>
}

/** How rows are tied to where they are asked for. */
export interface Tie {
  readonly condition: (link: Link) => RawBuilder<unknown>
  /** Column of the parent that holds the row's id, where that is the tie. */
  readonly idIn?: string
  /** Column of the rows that holds the parent's id, where that is the tie. */
  readonly referringBy?: string
}

export type BindArgument = (read: (values: ArgumentValues) => unknown) => RawBuilder<unknown>

export type RowNeed = 'label' | 'body' | 'base'

/** JSON text that is passed on as it is, or plain objects that the selection is read from. */
export type OpenedValue = { readonly json: string } | { readonly items: readonly object[] }

/** A part of JSON text: fixed text, or SQL for it. */
export type Piece = string | RawBuilder<unknown>

/** The JSON text of a value of the row, in pieces. */
export interface ColumnSource {
  readonly kind: 'column'
  readonly json: (row: string, bind: BindArgument) => readonly Piece[]
}

/** Made by the gateway, from the row's sealed values or from `text`: SQL for what it needs of a row that is not sealed. */
export interface OpenedSource {
  readonly kind: 'opened'
  readonly needs: readonly RowNeed[] | ((row: string) => RawBuilder<unknown>)
  readonly value: (opened: OpenedRow, values: ArgumentValues) => OpenedValue
}

/** Another row, or null where there is none or the reader does not see it. */
export interface OneSource {
  readonly kind: 'one'
  readonly rows: Rows
  readonly on: Tie
}

/** A Relay connection: the rows that the reader sees, in one of the orders, a page at a time. */
export interface PageSource {
  readonly kind: 'page'
  readonly rows: Rows
  /** null where no parent limits the rows. */
  readonly on: Tie | null
  readonly orders: Readonly<Record<string, PageOrder>>
  readonly order: (values: ArgumentValues) => string
  /** The rows are the reader's own, and the field's scope opens them: nothing else decides who sees them. */
  readonly own?: true
  readonly filters: readonly PageFilter[]
}

/** Rows that are computed for where they are asked for, all of them at once. */
export interface ListSource {
  readonly kind: 'list'
  /** What each row stands for. */
  readonly rows: Rows
  /** SQL for those that the reader sees, with every column that a field or the order reads. */
  readonly query: (link: Omit<Link, 'row'>) => RawBuilder<unknown>
  readonly order: (row: string) => RawBuilder<unknown>
  /** Most rows that there are; what goes beyond is left out. */
  readonly atMost: number
}

/** A row that is computed for where it is asked for. */
export interface ComputedSource {
  readonly kind: 'computed'
  /** What the row stands for. */
  readonly rows: Rows
  /** SQL for it: one row, with every column that a field reads. */
  readonly query: (link: Omit<Link, 'row'>) => RawBuilder<unknown>
  /** What is wrong with the arguments. */
  readonly problems: (values: ArgumentValues) => readonly Problem[]
}

/** The very row of the parent, as an object of another type. */
export interface ItselfSource {
  readonly kind: 'itself'
}

/** The rows that an argument `id` or `ids` names, of the types that its prefixes say. Type name -> its rows. */
export interface ByIdSource {
  readonly kind: 'by-id'
  readonly many: boolean
  /** Most ids that `ids` may hold. */
  readonly atMost: number
  readonly types: Readonly<Record<string, Rows>>
}

/** An object that the request itself brings along, once its statement has run; at the root alone. */
export interface RequestSource {
  readonly kind: 'request'
  readonly value: (request: PlanRequest) => object
}

/** Changes something, and says what it has come to; at the root of a mutation alone. */
export interface ActSource {
  readonly kind: 'act'
  /** All that is wrong with the arguments, before anything of the operation has run; paths begin with the argument. */
  readonly problems: (values: ArgumentValues) => readonly Problem[]
  /** Whether an operation asks for this act and no other: what is guessed at is guessed at once, and nothing follows a farewell. */
  readonly isAlone: boolean
  /** Whether most of its work is to read its arguments: it costs its price then, whatever is wrong with them. */
  readonly isWorkToRead: boolean
  /** What is wrong with the arguments by what the database says, or the act that is ready to run; nothing has changed yet. */
  readonly prepare: (
    values: ArgumentValues,
    context: ActContext,
    schema: GraphQLSchema,
  ) => Promise<PreparedAct>
}

export type PreparedAct =
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] }
  | {
      readonly kind: 'ready'
      /** @throws {ApiError} where it is refused; nothing has changed then */
      readonly run: () => Promise<Outcome>
    }

/**
 * Where a field's value comes from; the planner turns each kind into its part of the one statement. A constant is known
 * without the database; a property is a member of an
 * object that the gateway holds, of types that no row stands behind.
 */
export type FieldSource =
  | { readonly kind: 'property' }
  | { readonly kind: 'constant'; readonly value: () => unknown }
  | RequestSource
  | ActSource
  | ColumnSource
  | OpenedSource
  | OneSource
  | PageSource
  | ListSource
  | ComputedSource
  | ItselfSource
  | ByIdSource

/** The source that the schema names for a field. */
export function sourceOf(field: GraphQLField<unknown, unknown>): FieldSource {
  const source = field.extensions[SOURCE]
  // Written by the builder alone, whose field options have this very type.
  return (source as FieldSource | undefined) ?? { kind: 'property' }
}

/** Under this name the builder keeps a field's source among its extensions. */
export const SOURCE = 'maatSource'
