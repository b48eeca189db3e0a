import { type FieldNode, type GraphQLField, isNonNullType } from 'graphql'
import { sql } from 'kysely'
import { allOf, type Build, column } from './build.ts'
import { joinPieces, member } from './pieces.ts'
import { collectSubfields } from './collect-fields.ts'
import { OpenedFields } from './opened-fields.ts'
import { renderOf } from './render-items.ts'
import { selectById } from './select-by-id.ts'
import { selectList } from './select-list.ts'
import { selectPage } from './select-page.ts'
import {
  beside,
  countColumns,
  fieldOf,
  joinAll,
  linkOf,
  type ObjectRow,
  type ObjectSelection,
  objectTypeOf,
  type RelationSelection,
  type Selected,
} from './selected.ts'
import {
  type ComputedSource,
  type FieldSource,
  type OneSource,
  sourceOf,
  type Piece,
} from './source.ts'

/** Selects the text of one object from its row. */
export function selectObject(
  build: Build,
  { type, fields, row, label }: ObjectSelection,
): Selected {
  const selections = [...fields].map(([name, nodes]) => ({
    name,
    nodes,
    field: fieldOf(type, nodes),
  }))
  const opened = new OpenedFields(build, row)
  for (const { field } of selections) opened.expect(field)
  const pieces: Piece[] = []
  const selected: Selected[] = []
  for (const [position, { name, nodes, field }] of selections.entries()) {
    pieces.push(member(name, position))
    if (field === null) {
      pieces.push(JSON.stringify(type.name))
      continue
    }
    const value = selectField(build, { field, nodes, row, opened, label: `${label}.${name}` })
    pieces.push(...value.pieces)
    selected.push(value)
  }
  return {
    pieces: ['{', ...pieces, '}'],
    joins: selected.flatMap(({ joins }) => joins),
    counts: selected.flatMap(({ counts }) => counts),
  }
}

/** Selects what a field with rows of its own answers, beside the row that it belongs to. */
export function selectRelation(
  build: Build,
  relation: RelationSelection<
    Extract<FieldSource, { kind: 'one' | 'page' | 'list' | 'computed' | 'by-id' }>
  >,
): Selected {
  const { source } = relation
  build.countRelation()
  if (source.kind === 'one') return selectOne(build, { ...relation, source })
  if (source.kind === 'page') return selectPage(build, { ...relation, source }, selectObject)
  if (source.kind === 'list') return selectList(build, { ...relation, source }, selectObject)
  if (source.kind === 'computed') return selectComputed(build, { ...relation, source })
  return selectById(build, { ...relation, source }, selectObject)
}

interface FieldSelection {
  readonly field: GraphQLField<unknown, unknown>
  readonly nodes: readonly FieldNode[]
  readonly row: ObjectRow
  readonly opened: OpenedFields
  readonly label: string
}

function selectField(build: Build, { field, nodes, row, opened, label }: FieldSelection): Selected {
  const fieldArguments = build.argumentsOf(field, nodes, label)
  const source = sourceOf(field)
  switch (source.kind) {
    case 'column':
      return written(source.json(row.alias, build.binder(fieldArguments)))
    case 'opened':
      return written(opened.pieces(source, fieldArguments, renderOf(build, field.type, nodes)))
    case 'itself': {
      const type = objectTypeOf(field)
      const fields = collectSubfields(build, type, nodes)
      return selectObject(build, { type, fields, row, label })
    }
    case 'one':
    case 'list':
    case 'computed':
    case 'page': {
      const relation = { field, nodes, source, fieldArguments, parent: row, label }
      return selectRelation(build, relation)
    }
    case 'act':
    case 'constant':
    case 'request':
    case 'by-id':
    case 'property':
  }
  throw new Error(`${field.name} can not be read from a row.`)
}

function written(pieces: readonly Piece[]): Selected {
  return { pieces, joins: [], counts: [] }
}

function selectOne(build: Build, relation: RelationSelection<OneSource>): Selected {
  const { field, nodes, source, parent, label } = relation
  const type = objectTypeOf(field)
  const fields = collectSubfields(build, type, nodes)
  const known = knownRow(parent, source)
  if (known !== null) {
    const object = selectObject(build, { type, fields, row: known, label })
    const own = isNonNullType(field.type) ? [] : [{ label, sql: sql`1` }]
    return { ...object, counts: [...own, ...object.counts] }
  }
  const alias = build.alias()
  const object = selectObject(build, { type, fields, row: { alias, rows: source.rows }, label })
  const where = allOf([
    source.on.condition({ row: alias, ...linkOf(build, relation) }),
    source.rows.visibleTo(alias, build.reader),
  ])
  const found = beside(
    build,
    sql`
  select ${sql.join([sql`${joinPieces(object.pieces)} as t`, ...countColumns(object.counts)])}
  from ${sql.table(source.rows.table)} as ${sql.id(alias)}${joinAll(object.joins)}
  where ${where} limit 1`,
    object.counts,
  )
  const text = column(found.alias, 't')
  const own = isNonNullType(field.type) ? [] : [{ label, sql: sql`(${text} is not null)::int` }]
  return {
    pieces: [sql`coalesce(${text}, 'null')`],
    joins: [found.join],
    counts: [...own, ...found.counts],
  }
}

function selectComputed(build: Build, relation: RelationSelection<ComputedSource>): Selected {
  const { field, nodes, source, fieldArguments, label } = relation
  build.checks.push((variables) =>
    source.problems(fieldArguments.values(variables)).map((problem) => ({
      ...problem,
      path: label.replace(/^\./, ''),
    })),
  )
  const type = objectTypeOf(field)
  const fields = collectSubfields(build, type, nodes)
  const alias = build.alias()
  const object = selectObject(build, { type, fields, row: { alias, rows: source.rows }, label })
  const found = beside(
    build,
    sql`
  select ${sql.join([sql`${joinPieces(object.pieces)} as t`, ...countColumns(object.counts)])}
  from (${source.query(linkOf(build, relation))}) as ${sql.id(alias)}${joinAll(object.joins)}`,
    object.counts,
  )
  return { pieces: [column(found.alias, 't')], joins: [found.join], counts: found.counts }
}

/** The row that is asked for, where its parent was reached from it: visible to the reader then as now. */
function knownRow(parent: ObjectRow | null, { on, rows }: OneSource): ObjectRow | null {
  const from = parent?.from
  if (from === undefined || from.column !== on.idIn || from.row.rows.table !== rows.table)
    return null
  return { ...from.row, rows }
}
