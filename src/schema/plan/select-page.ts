import type { GraphQLObjectType } from 'graphql'
import { type RawBuilder, sql } from 'kysely'
import { type Build, column } from './build.ts'
import { joinPieces } from './pieces.ts'
import { type CollectedFields, collectSubfields } from './collect-fields.ts'
import { PageParts } from './page-parts.ts'
import { PageRows } from './page-rows.ts'
import {
  beside,
  countColumns,
  fieldOf,
  objectTypeOf,
  joinAll,
  type RelationSelection,
  type Selected,
  type SelectObject,
} from './selected.ts'
import type { PageSource } from './source.ts'

/**
 * Selects a Relay connection. Inside, one relation yields the rows of the page in their order, each with the texts that
 * nodes and edges want of it; outside, they are put together. The row behind the page is fetched only where pageInfo asks
 * whether there is one.
 */
export function selectPage(
  build: Build,
  relation: RelationSelection<PageSource>,
  selectObject: SelectObject,
): Selected {
  const type = objectTypeOf(relation.field)
  const fields = collectSubfields(build, type, relation.nodes)
  const page = new PageRows(build, relation)
  const looksBeyond = asksBeyond(build, type, { fields, direction: page.direction })
  const parts = new PageParts(build, { page, relation, selectObject, looksBeyond })
  const text = joinPieces(parts.pieces(type, relation.nodes))
  const counts = parts.counts()
  const joined = beside(
    build,
    parts.wantsRows
      ? sql`
  select ${sql.join([sql`${text} as t`, ...countColumns(counts)])}
  from (${rowsOfPage(page, parts)}) as ${sql.id(parts.alias)}`
      : sql`select ${text} as t`,
    counts,
  )
  return { pieces: [column(joined.alias, 't')], joins: [joined.join], counts: joined.counts }
}

/** The rows in their order, each with the columns that the parts want of it. */
function rowsOfPage(page: PageRows, parts: PageParts): RawBuilder<unknown> {
  const { alias, rows } = parts.row
  const limit = parts.looksBeyond ? sql`${page.size} + 1` : page.size
  return sql`
    select ${sql.join(parts.columns())}
    from (
      select * from ${sql.table(rows.table)} as ${sql.id(alias)} where ${page.bounded(alias)}
      order by ${page.sorted(alias, page.direction)} limit ${limit}
    ) as ${sql.id(alias)}${joinAll(parts.joins())}
    order by ${page.sorted(alias, 'forward')}`
}

/** Whether pageInfo wants to know if there is more in the direction of the page. */
function asksBeyond(
  build: Build,
  type: GraphQLObjectType,
  asked: { readonly fields: CollectedFields; readonly direction: 'forward' | 'backward' },
): boolean {
  const wanted = asked.direction === 'forward' ? 'hasNextPage' : 'hasPreviousPage'
  return [...asked.fields.values()].some((nodes) => {
    const field = fieldOf(type, nodes)
    if (field?.name !== 'pageInfo') return false
    const subfields = collectSubfields(build, objectTypeOf(field), nodes)
    return [...subfields.values()].some(([node]) => node?.name.value === wanted)
  })
}
