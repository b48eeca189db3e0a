import type { FieldNode, GraphQLObjectType } from 'graphql'
import { type RawBuilder, sql } from 'kysely'
import { type Build, column, type Count } from './build.ts'
import { joinPieces, member } from './pieces.ts'
import { collectSubfields } from './collect-fields.ts'
import { cursorSql } from './cursor.ts'
import type { PageRows } from './page-rows.ts'
import {
  countColumns,
  fieldOf,
  type ObjectRow,
  objectTypeOf,
  type RelationSelection,
  type Selected,
  type SelectObject,
} from './selected.ts'
import type { PageSource, Piece } from './source.ts'

interface PageContext {
  readonly page: PageRows
  readonly relation: RelationSelection<PageSource>
  readonly selectObject: SelectObject
  /** One row more is fetched than the page holds. */
  readonly looksBeyond: boolean
}

/** Writes what a field of this response name answers. */
type WriteField = (nodes: readonly FieldNode[], name: string) => readonly Piece[]

/**
 * What the fields of a connection want: of each row (columns v0, v1, … for texts, k for its cursor, n for its number, c0,
 * c1, … for counts), and of the rows together.
 */
export class PageParts {
  readonly #build: Build
  readonly #context: PageContext
  readonly #objects: Selected[] = []
  #wantsCursor = false
  #wantsRows = false
  /** The row as the page's table has it. */
  readonly row: ObjectRow
  /** Alias of the relation of all rows of the page. */
  readonly alias: string

  constructor(build: Build, context: PageContext) {
    this.#build = build
    this.#context = context
    const { parent, source } = context.relation
    const refersBy = source.on?.referringBy
    this.row = {
      alias: build.alias(),
      rows: source.rows,
      ...(parent === null || refersBy === undefined
        ? {}
        : { from: { row: parent, column: refersBy } }),
    }
    this.alias = build.alias()
  }

  get looksBeyond(): boolean {
    return this.#context.looksBeyond
  }

  get wantsRows(): boolean {
    return this.#wantsRows || this.#objects.length > 0 || this.looksBeyond
  }

  /** The text of the connection. */
  pieces(connection: GraphQLObjectType, nodes: readonly FieldNode[]): readonly Piece[] {
    const { label } = this.#context.relation
    return this.#shape(connection, nodes, {
      nodes: (asked, name) => this.#list(this.#object(connection, asked, `${label}.${name}`)),
      edges: (asked, name) => this.#list(this.#edge(connection, asked, `${label}.${name}`)),
      pageInfo: (asked) => this.#pageInfo(connection, asked),
      totalCount: () => [this.#totalCount()],
    })
  }

  columns(): readonly RawBuilder<unknown>[] {
    const { page } = this.#context
    const { alias, rows } = this.row
    const columns = this.#objects.map(
      ({ pieces }, i) => sql`${joinPieces(pieces)} as ${sql.id(`v${i}`)}`,
    )
    if (this.#wantsCursor) columns.push(sql`${cursorSql(alias, rows, page.order)} as k`)
    if (this.looksBeyond) {
      columns.push(sql`row_number() over (order by ${page.sorted(alias, page.direction)}) as n`)
    }
    columns.push(...countColumns(this.#innerCounts()))
    return columns.length === 0 ? [sql`1 as one`] : columns
  }

  joins(): readonly RawBuilder<unknown>[] {
    return this.#objects.flatMap(({ joins }) => joins)
  }

  /** Objects on the page, and what is counted within them. */
  counts(): readonly Count[] {
    if (this.#objects.length === 0) return []
    const { label } = this.#context.relation
    const inner = this.#innerCounts().map((count, i) => ({
      label: count.label,
      sql: sql`coalesce(sum(${column(this.alias, `c${i}`)})${this.#onPage()}, 0)::int`,
    }))
    return [{ label, sql: sql`(count(*)${this.#onPage()})::int` }, ...inner]
  }

  #innerCounts(): readonly Count[] {
    return this.#objects.flatMap(({ counts }) => counts)
  }

  #object(holder: GraphQLObjectType, nodes: readonly FieldNode[], label: string): Selected {
    const type = objectTypeOf(fieldOf(holder, nodes))
    const fields = collectSubfields(this.#build, type, nodes)
    return this.#context.selectObject(this.#build, { type, fields, row: this.row, label })
  }

  #edge(connection: GraphQLObjectType, nodes: readonly FieldNode[], label: string): Selected {
    const type = objectTypeOf(fieldOf(connection, nodes))
    const { page } = this.#context
    const beside: Selected[] = []
    const pieces = this.#shape(type, nodes, {
      cursor: () => ['"', cursorSql(this.row.alias, this.row.rows, page.order), '"'],
      node: (asked, name) => {
        const node = this.#object(type, asked, `${label}.${name}`)
        beside.push(node)
        return node.pieces
      },
    })
    return {
      pieces,
      joins: beside.flatMap(({ joins }) => joins),
      counts: beside.flatMap(({ counts }) => counts),
    }
  }

  #list(object: Selected): readonly Piece[] {
    this.#objects.push(object)
    const text = column(this.alias, `v${this.#objects.length - 1}`)
    return ['[', sql`coalesce(string_agg(${text}, ',')${this.#onPage()}, '')`, ']']
  }

  #pageInfo(connection: GraphQLObjectType, nodes: readonly FieldNode[]): readonly Piece[] {
    return this.#shape(objectTypeOf(fieldOf(connection, nodes)), nodes, {
      hasNextPage: () => [this.#goesOn('forward')],
      hasPreviousPage: () => [this.#goesOn('backward')],
      startCursor: () => [this.#cursorAt('asc')],
      endCursor: () => [this.#cursorAt('desc')],
    })
  }

  /** An object that only shapes the page: each of its fields is written by the entry of its name. */
  #shape(
    type: GraphQLObjectType,
    nodes: readonly FieldNode[],
    fields: Readonly<Record<string, WriteField>>,
  ): readonly Piece[] {
    const selected = [...collectSubfields(this.#build, type, nodes)]
    const members = selected.flatMap(([name, asked], position) => {
      const write = fields[fieldOf(type, asked)?.name ?? '']
      return [member(name, position), ...(write?.(asked, name) ?? [JSON.stringify(type.name)])]
    })
    return ['{', ...members, '}']
  }

  #goesOn(direction: 'forward' | 'backward'): Piece {
    const { page } = this.#context
    if (direction === page.direction) return sql`(count(*) > ${page.size})::text`
    const side = direction === 'forward' ? 'before' : 'after'
    return page.has(side) ? sql`(${page.goesOnBeyond(side)})::text` : 'false'
  }

  #cursorAt(end: 'asc' | 'desc'): Piece {
    this.#wantsCursor = true
    this.#wantsRows = true
    const k = column(this.alias, 'k')
    const all = sql`array_agg(${k})${this.#onPage()}`
    const at = end === 'asc' ? sql`1` : sql`(count(*)${this.#onPage()})::int`
    return sql`coalesce('"' || (${all})[${at}] || '"', 'null')`
  }

  #totalCount(): Piece {
    const alias = this.#build.alias()
    const { page } = this.#context
    const table = sql.table(this.row.rows.table)
    return sql`(select count(*) from ${table} as ${sql.id(alias)} where ${page.whole(alias)})::text`
  }

  /** Aggregates leave out the row that only tells whether there are more. */
  #onPage(): RawBuilder<unknown> {
    if (!this.looksBeyond) return sql``
    return sql` filter (where ${column(this.alias, 'n')} <= ${this.#context.page.size})`
  }
}
