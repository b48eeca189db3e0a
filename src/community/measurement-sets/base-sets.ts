import { type Kysely, sql, type Transaction } from 'kysely'
import type { z } from 'zod'
import { idSchema } from '../../auth/id-schema.ts'
import type { DB } from '../../database/tables.generated.ts'
import { inputInvalid } from '../../input-problems.ts'

/** How many base sets stand one behind the other, at most. */
export const BASE_DEPTH = 3

export interface Basing {
  /** UUID of the account that both sets belong to. */
  readonly accountId: string
  /** UUID of the set that is to be based on another; null for one that is about to be made. */
  readonly setId: string | null
  /** UUID of the set that it is to be based on; null for an id that names none. */
  readonly baseId: string | null
}

/** Why the one set can not be based on the other; null where it can. */
export async function basingProblem(
  kysely: Kysely<DB>,
  { accountId, setId, baseId }: Basing,
): Promise<string | null> {
  if (baseId === null) return NOT_OWN
  const { rows } = await sql<Lineage>`
    with recursive above as (
      select id, base_set_id, 1 as depth from measurement_set where id = ${baseId} and account_id = ${accountId}
      union all
      select b.id, b.base_set_id, depth + 1 from measurement_set b join above on b.id = above.base_set_id where depth <= ${BASE_DEPTH}
    ), below as (
      select id, 0 as depth from measurement_set where id = ${setId}
      union all
      select b.id, depth + 1 from measurement_set b join below on b.base_set_id = below.id where depth <= ${BASE_DEPTH}
    )
    select coalesce((select max(depth) from above), 0) as above, coalesce((select max(depth) from below), 0) as below,
      exists (select 1 from above where id = ${setId}) as "isCycle"`.execute(kysely)
  const { above = 0, below = 0, isCycle = false } = rows[0] ?? {}
  if (above === 0) return NOT_OWN
  if (isCycle) return 'A set can not be based on itself, nor on one that is based on it.'
  if (above + below > BASE_DEPTH) {
    return `At most ${BASE_DEPTH} base sets stand one behind the other; here they would be ${above + below}.`
  }
  return null
}

const NOT_OWN = 'This names no set of the account.'

interface Lineage {
  /** Sets from the base set on upwards. */
  readonly above: number
  /** Generations of sets that are based on the set. */
  readonly below: number
  readonly isCycle: boolean
}

/** An input's base set: absent, null, or one that the set can be based on. */
export async function baseSchema(
  kysely: Kysely<DB>,
  { accountId, setId, baseId }: AskedBasing,
): Promise<z.ZodType<string | null | undefined>> {
  const message =
    baseId == null || accountId === null
      ? null
      : await basingProblem(kysely, { accountId, setId, baseId })
  return idSchema.optional().refine(() => message === null, { error: message ?? '' })
}

/** What an input asks for: null for an account that the caller may not write to, for an id that names nothing, and for no base. */
interface AskedBasing extends Omit<Basing, 'accountId' | 'baseId'> {
  readonly accountId: string | null
  readonly baseId: string | null | undefined
}

/**
 * Under the lock: the set can be based on the other one.
 * @throws {ApiError} INPUT_INVALID where it can not any more
 */
export async function assertBasing(trx: Transaction<DB>, basing: Basing): Promise<void> {
  const message = await basingProblem(trx, basing)
  if (message === null) return
  throw inputInvalid([{ code: 'INPUT_INVALID', path: 'input.baseSet', message }])
}

/** Nobody else changes which sets of the account are based on which, until the transaction is through. */
export async function lockBasing(trx: Transaction<DB>, accountId: string): Promise<void> {
  await trx
    .selectFrom('account')
    .select('id')
    .where('id', '=', accountId)
    .forNoKeyUpdate()
    .execute()
}

/** The base sets of a set as they are stored, the nearest first. */
export async function baseSetsOf(
  kysely: Kysely<DB>,
  baseId: string | null,
): Promise<readonly StoredSet[]> {
  if (baseId === null) return []
  const { rows } = await sql<StoredSet>`
    with recursive base as (
      select id, account_id, label, body, base_set_id, 1 as depth from measurement_set where id = ${baseId}
      union all
      select b.id, b.account_id, b.label, b.body, b.base_set_id, depth + 1 from measurement_set b join base on b.id = base.base_set_id where depth < ${BASE_DEPTH}
    ) select id, account_id, label, body from base order by depth`.execute(kysely)
  return rows
}

export interface StoredSet {
  readonly id: string
  readonly account_id: string
  readonly label: string
  readonly body: string
}
