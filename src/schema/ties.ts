import { type RawBuilder, sql } from 'kysely'
import { type IdPrefix, uuidOf } from './ids.ts'
import type { Link } from './plan/source.ts'

/** How rows are tied to where they are asked for. */
export type Tie = (link: Link) => RawBuilder<unknown>

/** The row that the argument `id` names. */
export function idIs(prefix: IdPrefix): Tie {
  return ({ row, bind }) =>
    sql`${sql.ref(`${row}.id`)} = ${bind(({ id }) => uuidOf(prefix, id))}::uuid`
}

/** The row whose id stands in this column of the parent. */
export function idIn(column: string): Tie {
  return ({ row, parent }) => sql`${sql.ref(`${row}.id`)} = ${sql.ref(`${parent}.${column}`)}`
}

/** Rows that hold the parent's id in this column. */
export function referringBy(column: string): Tie {
  return ({ row, parent }) => sql`${sql.ref(`${row}.${column}`)} = ${sql.ref(`${parent}.id`)}`
}

/** Rows of the reader's own account. */
export const ofReader: Tie = ({ row, reader }) =>
  sql`${sql.ref(`${row}.account_id`)} = ${reader.me}`
