import { type RawBuilder, sql } from 'kysely'
import type { IdPrefix } from './ids.ts'
import type { ColumnSource } from './plan/source.ts'

/** Sources for plain columns: SQL for the JSON text of one column, `null` where it is null. */

export function id(prefix: IdPrefix): ColumnSource {
  return {
    kind: 'column',
    json: (row) => sql`${sql.lit(`"${prefix}_`)} || ${sql.ref(`${row}.slug`)} || '"'`,
  }
}

export function text(name: string): ColumnSource {
  return column(name, (value) => sql`coalesce(to_json(${value})::text, 'null')`)
}

/** Never null. */
export function requiredText(name: string): ColumnSource {
  return column(name, (value) => sql`to_json(${value})::text`)
}

/** Never null. */
export function plain(name: string): ColumnSource {
  return column(name, (value) => sql`${value}::text`)
}

/** Never null. The session's time zone is UTC. */
export function moment(name: string): ColumnSource {
  return column(name, (value) => sql`to_json(${value})::text`)
}

/** Never null: an enum's label as GraphQL writes it. */
export function label(name: string): ColumnSource {
  return column(name, (value) => sql`'"' || upper(${value}::text) || '"'`)
}

/** As the given source, JSON null where the column is null. */
export function nullable(name: string, source: (name: string) => ColumnSource): ColumnSource {
  return {
    kind: 'column',
    json: (row, bind) => sql`coalesce(${source(name).json(row, bind)}, 'null')`,
  }
}

function column(
  name: string,
  json: (value: RawBuilder<unknown>) => RawBuilder<unknown>,
): ColumnSource {
  return { kind: 'column', json: (row) => json(sql.ref(`${row}.${name}`)) }
}
