import { sql } from 'kysely'
import { type Build, column, type Count } from './build.ts'
import { collectSubfields } from './collect-fields.ts'
import { joinPieces } from './pieces.ts'
import {
  beside,
  countColumns,
  joinAll,
  linkOf,
  objectTypeOf,
  type RelationSelection,
  type Selected,
  type SelectObject,
} from './selected.ts'
import type { ListSource } from './source.ts'

/** Selects all rows of a query, in their order, and counts them. */
export function selectList(
  build: Build,
  relation: RelationSelection<ListSource>,
  selectObject: SelectObject,
): Selected {
  const { field, nodes, source, label } = relation
  const type = objectTypeOf(field)
  const fields = collectSubfields(build, type, nodes)
  const alias = build.alias()
  const row = { alias, rows: source.rows }
  const object = selectObject(build, { type, fields, row, label })
  const list = build.alias()
  const inner = object.counts.map((count, i): Count => ({
    label: count.label,
    sql: sql`coalesce(sum(${column(list, `c${i}`)}), 0)::int`,
  }))
  const counts = [{ label, sql: sql`count(*)::int` }, ...inner]
  const text = sql`'[' || coalesce(string_agg(${column(list, 't')}, ','), '') || ']'`
  const joined = beside(
    build,
    sql`
  select ${sql.join([sql`${text} as t`, ...countColumns(counts)])}
  from (
    select ${sql.join([sql`${joinPieces(object.pieces)} as t`, ...countColumns(object.counts)])}
    from (
      select * from (${source.query(linkOf(build, relation))}) as ${sql.id(alias)}
      order by ${source.order(alias)} limit ${sql.lit(source.atMost)}
    ) as ${sql.id(alias)}${joinAll(object.joins)}
    order by ${source.order(alias)}) as ${sql.id(list)}`,
    counts,
  )
  return { pieces: [column(joined.alias, 't')], joins: [joined.join], counts: joined.counts }
}
