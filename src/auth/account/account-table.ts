import type { RawBuilder, Selectable } from 'kysely'
import type { DB } from '../../database/tables.generated.ts'
import type { IdPrefix } from '../../ids.ts'

export type Table = keyof DB
export type Row = Readonly<Record<string, unknown>>

/**
 * What becomes of a column in an export. shown: its value; number: the same, where the driver gives a text; slug: the id as
 * clients see it; opened: what is sealed in it; inside: nothing of use outside, or told by another column; secret: opens
 * something, and never leaves the database.
 */
export type ColumnUse = 'shown' | 'number' | 'slug' | 'opened' | 'inside' | 'secret' | MadeOf

/** Told under another name, and made from the row. */
export interface MadeOf {
  readonly as: string
  readonly value: (row: Row, accountId: string) => unknown
}

/** Rows that belong to an account in one way. */
export interface AccountPart {
  /** Under which an export lists them; `one` where there is one at most. */
  readonly section: string
  readonly count: 'one' | 'many'
  /** The column that names the account, or what is the account's. */
  readonly column: string
  /** Where that column does not hold the account's UUID. */
  readonly belongs?: (accountId: string) => RawBuilder<unknown>
  /** The columns that are shown, where not all are. */
  readonly only?: readonly string[]
  /** What deletion does: the row goes, or forgets whose it was. */
  readonly onDeletion: 'goes' | 'forgets'
}

/** A table with rows of accounts. */
export interface AccountTable<T extends Table> {
  readonly columns: { readonly [C in keyof Selectable<DB[T]>]-?: ColumnUse }
  /** SQL that orders its rows, and tells each from all others. */
  readonly order: readonly string[]
  readonly prefix?: IdPrefix
  /** The opened values, where they are told in another form. */
  readonly reshape?: (opened: Row) => object
  readonly parts: readonly AccountPart[]
}

/** A table without rows of any account: why. */
export interface OtherTable {
  readonly nobodys: string
}
