import { sql } from 'kysely'
import { BASE_DEPTH } from '../../community/measurement-sets/base-sets.ts'
import { ownOrPublic } from '../../community/visible-rows.ts'
import type { ColumnSource, Rows } from '../plan/source.ts'

export const measurementSetRows: Rows = {
  table: 'measurement_set',
  prefix: 'set',
  owner: 'account_id',
  visibleTo: (row, reader) => ownOrPublic(row, reader, 'own-sets:read'),
}

/** The last change of a set or of those that it is based on. */
export const modifiedAt: ColumnSource = {
  kind: 'column',
  json(row) {
    const changed = sql.ref(`${row}.updated_at`)
    const base = sql.ref(`${row}.base_set_id`)
    return [
      sql`to_json(case when ${base} is null then ${changed} else greatest(${changed}, (
        with recursive base as (
          select base_set_id, updated_at, 1 as depth from measurement_set where id = ${base}
          union all
          select b.base_set_id, b.updated_at, depth + 1 from measurement_set b join base on b.id = base.base_set_id
          where depth < ${sql.lit(BASE_DEPTH)}
        ) select max(updated_at) from base)) end)::text`,
    ]
  },
}
