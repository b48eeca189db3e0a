import { type RawBuilder, sql } from 'kysely'
import { parseId } from '../../ids.ts'
import { column } from './build.ts'
import type { PageOrder, Rows } from './source.ts'

/** Where a cursor stands: the sort key as the statement compares it, and the id where that breaks ties, else null. */
export interface CursorPosition {
  readonly key: string
  readonly uuid: string | null
}

/** Columns that a list of this order is sorted by. */
export function sortColumns({ column: name, isUnique }: PageOrder): readonly string[] {
  return isUnique === true ? [name] : [name, 'id']
}

/** SQL for the cursor of a row: base64url of what kind of list it belongs to, the row's id where it breaks ties, and its sort key. */
export function cursorSql(row: string, rows: Rows, order: PageOrder): RawBuilder<unknown> {
  const key = column(row, order.column)
  const keyText = order.type === 'text' ? key : sql`(extract(epoch from ${key}) * 1000)::bigint`
  const tag = sql.lit(`${tagOf(rows, order)}:`)
  const plain =
    order.isUnique === true
      ? sql`${tag} || ${keyText}`
      : sql`${tag} || ${column(row, 'slug')} || ':' || ${keyText}`
  return sql`translate(encode(convert_to(${plain}, 'UTF8'), 'base64'), E'+/=\\n', '-_')`
}

/** The position that a cursor of this list names; null for any other text. */
export function parseCursor(cursor: unknown, rows: Rows, order: PageOrder): CursorPosition | null {
  if (typeof cursor !== 'string' || !/^[\w-]{1,512}$/.test(cursor)) return null
  const [tag, ...parts] = Buffer.from(cursor, 'base64url').toString('utf8').split(':')
  const id = order.isUnique === true ? null : parseId(`${rows.prefix}_${parts.shift()}`)
  const key = keyOf(parts.join(':'), order)
  if (tag !== tagOf(rows, order) || key === null) return null
  if (order.isUnique === true) return { key, uuid: null }
  return id === null ? null : { key, uuid: id.uuid }
}

/** SQL type under which a sort key is compared. */
export function keyType(order: PageOrder): RawBuilder<unknown> {
  return order.type === 'text' ? sql`text` : sql`timestamptz`
}

function tagOf(rows: Rows, order: PageOrder): string {
  return `${rows.prefix ?? rows.table}.${order.tag}`
}

/** The last millisecond of the year 9999: later ones have no spelling that every calendar reads. */
const MAX_EPOCH_MS = 253_402_300_799_999

function keyOf(text: string, order: PageOrder): string | null {
  if (order.type === 'text') return text.includes('\0') ? null : text
  if (!/^\d{1,15}$/.test(text) || Number(text) > MAX_EPOCH_MS) return null
  return new Date(Number(text)).toISOString()
}
