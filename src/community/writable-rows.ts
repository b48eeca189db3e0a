import { type RawBuilder, sql } from 'kysely'
import { type ActContext, accountOf } from '../auth/act.ts'
import { holds } from '../auth/check-scope.ts'

export type Writer = Pick<ActContext, 'principal'>

/**
 * Rows that the writer may change: own ones, and those of others for whoever may write those, as long as their owner consents
 * to measurements being processed.
 */
export function writableBy(
  writer: Writer,
  table: 'measurement_set' | 'pattern',
): RawBuilder<boolean> {
  const account = sql.ref(`${table}.account_id`)
  const isOwn = sql<boolean>`${account} = ${accountOf(writer)}`
  if (!holds(writer.principal.standing, 'sets:write')) return isOwn
  return sql<boolean>`(${isOwn} or exists (
    select from account where id = ${account} and consent = 'measurements'))`
}
