import { type RawBuilder, sql } from 'kysely'
import { pageSize } from '../../cost/page-size.ts'
import type { Problem } from '../../errors.ts'
import { allOf, type Build, column } from './build.ts'
import { keyType, parseCursor, sortColumns } from './cursor.ts'
import { pathOfLabel } from './label.ts'
import { linkOf, type RelationSelection } from './selected.ts'
import type { ArgumentValues, PageOrder, PageSource } from './source.ts'

type Side = 'after' | 'before'

/** Which rows a page holds: its order and direction, its bounds, and the conditions on its rows. */
export class PageRows {
  readonly #build: Build
  readonly #relation: RelationSelection<PageSource>
  readonly order: PageOrder
  readonly direction: 'forward' | 'backward'
  readonly #given: ReadonlySet<string>

  constructor(build: Build, relation: RelationSelection<PageSource>) {
    const { source, fieldArguments, label } = relation
    this.#build = build
    this.#relation = relation
    const [order = '', direction, ...given] = fieldArguments
      .decide((values) => shapeOf(source, values).join(' '))
      .split(' ')
    this.order = orderOf(source, order)
    this.direction = direction === 'backward' ? 'backward' : 'forward'
    this.#given = new Set(given)
    const path = pathOfLabel(label)
    build.checks.push((variables) => problemsOf(source, fieldArguments.values(variables), path))
  }

  /** SQL for how many rows the page holds at most. */
  get size(): RawBuilder<unknown> {
    // PostgreSQL plans with the size where the document holds it, and with a guess where a variable does.
    const literal = this.#relation.fieldArguments.literalOf(['first', 'last'])
    if (literal !== null) return sql.lit(sizeOf(literal))
    return sql`${this.#build.binder(this.#relation.fieldArguments)(sizeOf)}::int`
  }

  has(side: Side): boolean {
    return this.#given.has(side)
  }

  /** Rows of the whole list, whatever page is asked for. */
  whole(row: string): RawBuilder<unknown> {
    const { source, fieldArguments } = this.#relation
    const { reader } = this.#build
    const filters = source.filters.flatMap(({ value, bind: convert, where }, i) => {
      if (!this.#given.has(String(i))) return []
      const parameter = this.#build.parameter((request) => {
        const given = value(fieldArguments.values(request.variables))
        return convert === undefined ? given : convert(given, request)
      })
      return [where(row, parameter, reader)]
    })
    const tie = source.on?.condition({ row, ...linkOf(this.#build, this.#relation) }) ?? null
    const visible = source.own === true ? null : source.rows.visibleTo(row, reader)
    return allOf([tie, visible, ...filters])
  }

  /** Rows of the list between the cursors. */
  bounded(row: string): RawBuilder<unknown> {
    return allOf([
      this.whole(row),
      this.has('after') ? this.#compared(row, 'after', 'within') : null,
      this.has('before') ? this.#compared(row, 'before', 'within') : null,
    ])
  }

  /** SQL for whether the list goes on beyond the cursor on this side. */
  goesOnBeyond(side: Side): RawBuilder<unknown> {
    const row = this.#build.alias()
    const beyond = this.#compared(row, side, 'beyond')
    const from = sql`${sql.table(this.#relation.source.rows.table)} as ${sql.id(row)}`
    return sql`exists (select 1 from ${from} where ${allOf([this.whole(row), beyond])})`
  }

  /** `order by` terms: as the list reads, or against it. */
  sorted(row: string, direction: 'forward' | 'backward'): RawBuilder<unknown> {
    const isDescending = this.order.isDescending ?? false
    const way = (direction === 'forward') === isDescending ? sql` desc` : sql``
    return sql.join(sortColumns(this.order).map((name) => sql`${column(row, name)}${way}`))
  }

  /** Whether a row is on the page's side of a cursor, or beyond it: there is the cursor's own row. */
  #compared(row: string, side: Side, part: 'within' | 'beyond'): RawBuilder<unknown> {
    const { source, fieldArguments } = this.#relation
    const bind = this.#build.binder(fieldArguments)
    const position = (values: ArgumentValues) => parseCursor(values[side], source.rows, this.order)
    const key = bind((values) => position(values)?.key)
    const columns = sortColumns(this.order)
    const given = [sql`${key}::${keyType(this.order)}`]
    if (columns.length > 1) given.push(sql`${bind((values) => position(values)?.uuid)}::uuid`)
    const found = sql.join(columns.map((name) => column(row, name)))
    const isDescending = this.order.isDescending ?? false
    const isLarger = (side === 'after') !== isDescending
    const operator = OPERATORS[part][isLarger ? 'larger' : 'smaller']
    return sql`(${found}) ${operator} (${sql.join(given)})`
  }
}

/** How a row compares with a cursor whose page holds what is larger, or smaller, than it. */
const OPERATORS = {
  within: { larger: sql`>`, smaller: sql`<` },
  beyond: { larger: sql`<=`, smaller: sql`>=` },
} as const

function shapeOf(source: PageSource, values: ArgumentValues): readonly string[] {
  const page = pageSize(values)
  const sides = (['after', 'before'] as const).filter((side) => isGiven(values[side]))
  const filters = source.filters.flatMap(({ value }, i) =>
    isGiven(value(values)) ? [String(i)] : [],
  )
  const direction = page.kind === 'page' ? page.direction : 'forward'
  return [source.order(values), direction, ...sides, ...filters]
}

function problemsOf(source: PageSource, values: ArgumentValues, path: string): readonly Problem[] {
  const problems: Problem[] = []
  const page = pageSize(values)
  if (page.kind === 'invalid') {
    problems.push({
      code: 'PAGE_SIZE_INVALID',
      path,
      argument: page.argument,
      message: page.message,
    })
  }
  const order = orderOf(source, source.order(values))
  for (const side of ['after', 'before'] as const) {
    if (!isGiven(values[side]) || parseCursor(values[side], source.rows, order) !== null) continue
    const message = `${side} is no cursor of this list in this order.`
    problems.push({ code: 'CURSOR_INVALID', path, argument: side, message })
  }
  return problems
}

function sizeOf(values: ArgumentValues): number {
  const page = pageSize(values)
  // An invalid size is refused by the checks, before the statement runs.
  return page.kind === 'page' ? page.size : 0
}

function orderOf(source: PageSource, name: string): PageOrder {
  const order = source.orders[name]
  if (order === undefined) throw new Error(`${name} is no order of this list.`)
  return order
}

function isGiven(value: unknown): boolean {
  return value !== null && value !== undefined
}
