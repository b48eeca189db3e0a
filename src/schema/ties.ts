import { sql } from 'kysely'
import { type IdPrefix, uuidOf } from '../ids.ts'
import type { Tie } from './plan/source.ts'

/** The row that the argument `id` names. */
export function idIs(prefix: IdPrefix): Tie {
  return {
    condition: ({ row, bind }) =>
      sql`${sql.ref(`${row}.id`)} = ${bind(({ id }) => uuidOf(prefix, id))}::uuid`,
  }
}

/** The row whose id stands in this column of the parent. */
export function idIn(column: string): Tie {
  return {
    condition: ({ row, parent }) =>
      sql`${sql.ref(`${row}.id`)} = ${sql.ref(`${parent}.${column}`)}`,
    idIn: column,
  }
}

/** Rows that hold the parent's id in this column. */
export function referringBy(column: string): Tie {
  return {
    condition: ({ row, parent }) =>
      sql`${sql.ref(`${row}.${column}`)} = ${sql.ref(`${parent}.id`)}`,
    referringBy: column,
  }
}

/** Rows of the reader's own account. */
export const ofReader: Tie = {
  condition: ({ row, reader }) => sql`${sql.ref(`${row}.account_id`)} = ${reader.me}`,
}
