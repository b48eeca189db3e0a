import type { GraphQLField } from 'graphql'
import { type RawBuilder, sql } from 'kysely'
import { BASE_DEPTH } from '../../community/measurement-sets/base-sets.ts'
import { SEALED_ROWS, type SealedTable } from '../../vault/sealed-rows.ts'
import { type Build, column } from './build.ts'
import type { FieldArguments } from './field-arguments.ts'
import { carryingMark, mark, type MarkedNeeds, repeatedParts } from './marks.ts'
import type { Render } from './render-items.ts'
import type { ObjectRow } from './selected.ts'
import { type OpenedSource, type RowNeed, sourceOf, type Piece } from './source.ts'

/** The fields of one object that the gateway makes: the first of them carries what all of them are made from. */
export class OpenedFields {
  readonly #build: Build
  readonly #row: ObjectRow
  readonly #needs = new Set<RowNeed>()
  #text: ((row: string) => RawBuilder<unknown>) | null = null
  #register: number | null = null

  constructor(build: Build, row: ObjectRow) {
    this.#build = build
    this.#row = row
  }

  /** Notes what a field of the object will need; to be called for all of them before the first is written. */
  expect(field: GraphQLField<unknown, unknown> | null): void {
    const source = field === null ? null : sourceOf(field)
    if (source?.kind !== 'opened') return
    if (typeof source.needs === 'function') this.#text = source.needs
    else for (const need of source.needs) this.#needs.add(need)
  }

  pieces(source: OpenedSource, fieldArguments: FieldArguments, render: Render): readonly Piece[] {
    const first = this.#register === null
    this.#register ??= this.#build.register()
    const carries = first ? { table: this.#table(), needs: this.#marked() } : null
    const slot = this.#build.slot(
      {
        register: this.#register,
        carries,
        render: (opened, values) => {
          const value = source.value(opened, values)
          return 'json' in value ? value.json : render(value.items)
        },
      },
      fieldArguments,
    )
    return first ? carryingMark(slot, this.#parts()) : [mark(slot)]
  }

  #marked(): MarkedNeeds {
    return { label: this.#needs.has('label'), body: this.#needs.has('body') }
  }

  #table(): SealedTable | null {
    const { table } = this.#row.rows
    return isSealed(table) ? table : null
  }

  #parts(): RawBuilder<unknown>[] {
    const { alias, rows } = this.#row
    if (this.#text !== null) return [this.#text(alias)]
    if (rows.owner === null) throw new Error('Nothing of this row is sealed.')
    const { label, body } = this.#marked()
    const parts = [sql`${column(alias, 'id')}::text`, sql`${column(alias, rows.owner)}::text`]
    if (label) parts.push(column(alias, 'label'))
    if (body) parts.push(column(alias, 'body'))
    if (this.#needs.has('base')) parts.push(sql`${parts.pop()} || ${baseParts(alias)}`)
    return parts
  }
}

function isSealed(table: string): table is SealedTable {
  return Object.hasOwn(SEALED_ROWS, table)
}

/** Ids and bodies of the sets that a measurement set is based on, nearest first; nothing where there is none. */
function baseParts(row: string): RawBuilder<unknown> {
  const base = column(row, 'base_set_id')
  return sql`case when ${base} is null then '' else (
    with recursive base as (
      select id, body, base_set_id, 1 as depth from measurement_set where id = ${base}
      union all
      select b.id, b.body, b.base_set_id, depth + 1 from measurement_set b join base on b.id = base.base_set_id where depth < ${sql.lit(BASE_DEPTH)}
    ) select ${repeatedParts(sql`id`, sql`body`, sql`depth`)} from base) end`
}
