import { sql, type RawBuilder } from 'kysely'
import { BASE_DEPTH } from '../../community/measurement-sets/base-sets.ts'
import { uuidOf } from '../../ids.ts'
import { curatedSetRows } from '../curated-set/curated-set.sql.ts'
import { measurementSetRows } from '../measurement-set/measurement-set.sql.ts'
import type { ListSource, PageFilter, PageOrder, Rows, Tie } from '../plan/source.ts'

/** Designs are the same for everybody. */
export const designRows: Rows = {
  table: 'design',
  prefix: null,
  owner: null,
  visibleTo: () => null,
}

export const DESIGN_ORDERS = {
  CODE: { tag: 'code', column: 'code', type: 'text', isUnique: true },
} as const satisfies Record<string, PageOrder>

/** The row that the argument `code` names. */
export const codeIs: Tie = {
  condition: ({ row, bind }) => sql`${sql.ref(`${row}.code`)} = ${bind(({ code }) => code)}::text`,
}

/** SQL for one bit per measurement that a set has, those of its base sets included. */
export type HeldBits = (row: string) => RawBuilder<unknown>

export const heldByCuratedSet: HeldBits = (row) => sql`${sql.ref(`${row}.measured`)}`

export function heldBySet(row: string): RawBuilder<unknown> {
  const own = sql.ref(`${row}.measured`)
  const base = sql.ref(`${row}.base_set_id`)
  return sql`case when ${base} is null then ${own} else ${own} | (
    with recursive base as (
      select measured, base_set_id, 1 as depth from measurement_set where id = ${base}
      union all
      select b.measured, b.base_set_id, depth + 1 from measurement_set b join base on b.id = base.base_set_id
      where depth < ${sql.lit(BASE_DEPTH)}
    ) select bit_or(measured) from base) end`
}

/** Every design beside what the row of the parent lacks for it, one bit per measurement; those alone that lack nothing, where asked. */
export function fittingRows(held: HeldBits): ListSource['query'] {
  // Behind `offset 0` the bits are put together once, and not for each design again.
  return ({ parent, bind }) => sql`
        select design.*, design.required & ~held.bits as missing, design.optional & ~held.bits as missing_optional
        from (select ${held(parent)} as bits offset 0) as held, design
        where design.required & ~held.bits = 0 or not ${bind(({ onlyComplete }) => onlyComplete)}::boolean`
}

/** What lacks least comes first. */
export function byMissing(row: string): RawBuilder<unknown> {
  return sql`bit_count(${sql.ref(`${row}.missing`)}::bit(64)), ${sql.ref(`${row}.code`)}`
}

/** Designs for which the set that `fitting` names has all that is needed; none where the reader does not see that set. */
export const FITTING: readonly PageFilter[] = [
  fittingTo('cur', curatedSetRows, heldByCuratedSet),
  fittingTo('set', measurementSetRows, heldBySet),
]

function fittingTo(prefix: 'cur' | 'set', rows: Rows, held: HeldBits): PageFilter {
  return {
    // What is the id of no curated set is looked for among the others, and found nowhere.
    value: ({ fitting }) => (isCurated(fitting) === (prefix === 'cur') ? fitting : null),
    bind: (id) => uuidOf(prefix, id),
    where: (row, id, reader) => sql`${sql.ref(`${row}.required`)} & ~(
      select ${held('fitted')} from ${sql.table(rows.table)} as fitted
      where fitted.id = ${id}::uuid and (${rows.visibleTo('fitted', reader) ?? sql`true`})) = 0`,
  }
}

function isCurated(id: unknown): boolean {
  return uuidOf('cur', id) !== null
}
