import { type GraphQLObjectType, isObjectType } from 'graphql'
import { type RawBuilder, sql } from 'kysely'
import type { Problem } from '../../errors.ts'
import { parseId, uuidOf } from '../../ids.ts'
import { allOf, type Build, column, type Count } from './build.ts'
import { labelOfType, pathOfLabel } from './label.ts'
import { joinPieces } from './pieces.ts'
import { collectSubfields } from './collect-fields.ts'
import {
  beside,
  countColumns,
  joinAll,
  type RelationSelection,
  type Selected,
  type SelectObject,
} from './selected.ts'
import type { ArgumentValues, ByIdSource, Rows } from './source.ts'

/**
 * Selects the objects that ids name, in the order of the ids, null where an id names nothing that the reader sees. The
 * types that take part are those of the ids' prefixes: each is selected as itself, so no interface reaches the database.
 */
export function selectById(
  build: Build,
  relation: RelationSelection<ByIdSource>,
  selectObject: SelectObject,
): Selected {
  const { nodes, source, fieldArguments, label } = relation
  if (source.many) {
    const path = pathOfLabel(label)
    build.checks.push((variables) => tooManyIds(source, fieldArguments.values(variables), path))
  }
  const bind = build.binder(fieldArguments)
  const asked = fieldArguments.decide((values) => typesOf(source, values).join(' ')).split(' ')
  const branches = Object.entries(source.types)
    .filter(([name]) => asked.includes(name))
    .map(([name, rows]) => {
      const type = typeNamed(build, name)
      const alias = build.alias()
      const fields = collectSubfields(build, type, nodes)
      const own = labelOfType(label, name)
      const object = selectObject(build, { type, fields, row: { alias, rows }, label: own })
      const counts: readonly Count[] = [{ label: own, sql: sql`1` }, ...object.counts]
      const uuids = bind((values) => idsOf(source, values).map((id) => uuidIn(rows, id)))
      return { alias, rows, object, counts, uuids }
    })
  const counts = branches.flatMap((branch) => branch.counts)
  let before = 0
  const unions = branches.map(({ alias, rows, object, counts: own, uuids }) => {
    const after = counts.length - before - own.length
    const columns = [...zeros(before), ...own.map((count) => count.sql), ...zeros(after)]
    before += own.length
    return sql`
    select ${sql.join([sql`asked.position`, sql`${joinPieces(object.pieces)} as t`, ...named(columns)])}
    from unnest(${uuids}::uuid[]) with ordinality as asked (id, position)
    join ${sql.table(rows.table)} as ${sql.id(alias)} on ${column(alias, 'id')} = asked.id${joinAll(object.joins)}
    where ${allOf([rows.visibleTo(alias, build.reader)])}`
  })
  const none = sql`
    select ${sql.join([sql`0::bigint as position`, sql`null::text as t`, ...named(zeros(counts.length))])} where false`
  // Of the types that no id names there is nothing: known without a query, and not to be priced as if it were unknown.
  const absent = Object.keys(source.types)
    .filter((name) => !asked.includes(name))
    .map((name): Count => ({ label: labelOfType(label, name), sql: sql`0` }))
  const size = bind((values) => idsOf(source, values).length)
  const sums: Count[] = counts.map((count, i) => ({
    label: count.label,
    sql: sql`coalesce(sum(${column('found', `c${i}`)}), 0)::int`,
  }))
  const list = sql`string_agg(coalesce(found.t, 'null'), ',' order by place.position)`
  const joined = beside(
    build,
    sql`
  select ${sql.join([sql`${list} as t`, ...countColumns(sums)])}
  from generate_series(1, ${size}::int) as place (position)
  left join (${sql.join(
    [none, ...unions],
    sql`
    union all`,
  )}
  ) as found on found.position = place.position`,
    sums,
  )
  const text = column(joined.alias, 't')
  return {
    pieces: source.many ? ['[', sql`coalesce(${text}, '')`, ']'] : [sql`coalesce(${text}, 'null')`],
    joins: [joined.join],
    counts: [...joined.counts, ...absent],
  }
}

function idsOf(source: ByIdSource, values: ArgumentValues): readonly string[] {
  const asked = source.many ? values['ids'] : [values['id']]
  return Array.isArray(asked) ? asked.map(String) : []
}

function uuidIn({ prefix }: Rows, id: string): string | null {
  return prefix === null ? null : uuidOf(prefix, id)
}

function typesOf(source: ByIdSource, values: ArgumentValues): readonly string[] {
  // More are refused before anything else is read of them.
  const ids = idsOf(source, values).slice(0, source.atMost)
  const prefixes = new Set(ids.map((id) => parseId(id)?.prefix))
  return Object.entries(source.types).flatMap(([name, { prefix }]) =>
    prefix !== null && prefixes.has(prefix) ? [name] : [],
  )
}

function typeNamed(build: Build, name: string): GraphQLObjectType {
  const type = build.schema.getType(name)
  if (!isObjectType(type)) throw new Error(`${name} is not an object type.`)
  return type
}

function tooManyIds(source: ByIdSource, values: ArgumentValues, path: string): readonly Problem[] {
  const { length } = idsOf(source, values)
  if (length <= source.atMost) return []
  return [
    {
      code: 'INPUT_INVALID',
      path,
      argument: 'ids',
      message: `${length} ids; accepted are at most ${source.atMost}.`,
    },
  ]
}

function zeros(count: number): RawBuilder<unknown>[] {
  return Array.from({ length: count }, () => sql`0`)
}

function named(columns: readonly RawBuilder<unknown>[]): RawBuilder<unknown>[] {
  return columns.map((value, i) => sql`${value} as ${sql.id(`c${i}`)}`)
}
