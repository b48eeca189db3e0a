import { type RawBuilder, sql } from 'kysely'
import type { IdPrefix } from '../ids.ts'
import { joinPieces } from './plan/pieces.ts'
import type { ColumnSource, Piece } from './plan/source.ts'

/** Sources for plain columns: the JSON text of one column. None but `nullable` and `text` may be null. */

export function id(prefix: IdPrefix): ColumnSource {
  return column('slug', (slug) => [`"${prefix}_`, slug, '"'])
}

export function text(name: string): ColumnSource {
  return nullable(name, requiredText)
}

export function requiredText(name: string): ColumnSource {
  return column(name, (value) => [sql`to_json(${value})::text`])
}

export function plain(name: string): ColumnSource {
  return column(name, (value) => [sql`${value}::text`])
}

/** The session's time zone is UTC. */
export function moment(name: string): ColumnSource {
  return column(name, (value) => [sql`to_json(${value})::text`])
}

/** An enum's label as GraphQL writes it. */
export function label(name: string): ColumnSource {
  return column(name, (value) => ['"', sql`upper(${value}::text)`, '"'])
}

/** As the given source, JSON null where the column is null. */
export function nullable(name: string, source: (name: string) => ColumnSource): ColumnSource {
  return {
    kind: 'column',
    json: (row, bind) => [sql`coalesce(${joinPieces(source(name).json(row, bind))}, 'null')`],
  }
}

function column(
  name: string,
  json: (value: RawBuilder<unknown>) => readonly Piece[],
): ColumnSource {
  return { kind: 'column', json: (row) => json(sql.ref(`${row}.${name}`)) }
}
