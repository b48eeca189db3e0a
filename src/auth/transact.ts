import { hash } from 'node:crypto'
import type { Transaction } from 'kysely'
import { v7 } from 'uuid'
import type { DB } from '../database/tables.generated.ts'
import { apiError } from '../errors.ts'
import { sealRow } from '../vault/seal-row.ts'
import { place } from '../vault/sealed-rows.ts'
import type { ActContext, Outcome } from './act.ts'
import { isProblem } from './problems.ts'

/** What an act does within its transaction. */
export type Effect = (trx: Transaction<DB>) => Promise<Outcome>

/** Runs an act in one transaction: an outcome that is a problem leaves nothing of it behind. */
export async function transact(
  { database, principal, forget }: Pick<ActContext, 'database' | 'principal' | 'forget'>,
  effect: Effect,
): Promise<Outcome> {
  try {
    const outcome = await database.kysely.transaction().execute(async (trx) => {
      const come = await effect(trx)
      if (isProblem(come) && come.isKept !== true) throw new Undone(come)
      return come
    })
    // Other gateways are told by the database; this one goes by it with its very next request.
    const changed = [principal.accountId, ...(outcome.forgets ?? [])]
    for (const id of changed) if (id !== null) forget(id)
    return outcome
  } catch (error) {
    if (error instanceof Undone) return error.outcome
    throw error
  }
}

/**
 * As `transact`; where the request has an Idempotency-Key, an act of the same account under that key happens once in 24
 * hours: it is answered again, without its secrets, and one with another input is refused.
 * @throws {ApiError} INPUT_INVALID for a key that was used for something else
 */
export async function transactOnce(
  context: ActContext,
  input: unknown,
  effect: Effect,
): Promise<Outcome> {
  const { caller, principal, path, vault, clock } = context
  const { idempotencyKey } = caller
  const { accountId } = principal
  if (idempotencyKey === null || accountId === null) return transact(context, effect)
  return transact(context, async (trx) => {
    const keyDigest = digest([idempotencyKey, path])
    const requestDigest = digest(input)
    const now = clock()
    const id = v7({ msecs: now.getTime() })
    const ids = { row: id, owner: accountId }
    await trx
      .deleteFrom('idempotent_act')
      .where('account_id', '=', accountId)
      .where('key_digest', '=', keyDigest)
      .where('created_at', '<=', new Date(now.getTime() - REMEMBERED_MS))
      .execute()
    // Waits for another request under this key that is under way, and then finds what it came to.
    const { numInsertedOrUpdatedRows: inserted } = await trx
      .insertInto('idempotent_act')
      .values({
        id,
        account_id: accountId,
        key_digest: keyDigest,
        request_digest: requestDigest,
        ...sealRow(vault, 'idempotent_act', ids, { outcome: '' }),
        created_at: now,
      })
      .onConflict((conflict) => conflict.columns(['account_id', 'key_digest']).doNothing())
      .executeTakeFirstOrThrow()
    if (inserted === 0n) return replay(trx, context, { accountId, keyDigest, requestDigest })
    const outcome = await effect(trx)
    const { secrets: _untold, ...told } = outcome
    await trx
      .updateTable('idempotent_act')
      .set(sealRow(vault, 'idempotent_act', ids, { outcome: JSON.stringify(told) }))
      .where('id', '=', id)
      .execute()
    return outcome
  })
}

/** How long an act is answered again instead of done again. */
const REMEMBERED_MS = 86_400_000

class Undone extends Error {
  readonly outcome: Outcome

  constructor(outcome: Outcome) {
    super('Nothing of it stays.')
    this.outcome = outcome
  }
}

interface Asked {
  readonly accountId: string
  readonly keyDigest: Buffer
  readonly requestDigest: Buffer
}

async function replay(
  trx: Transaction<DB>,
  { vault }: ActContext,
  { accountId, keyDigest, requestDigest }: Asked,
): Promise<Outcome> {
  const known = await trx
    .selectFrom('idempotent_act')
    .select(['id', 'label', 'request_digest'])
    .where('account_id', '=', accountId)
    .where('key_digest', '=', keyDigest)
    .executeTakeFirstOrThrow()
  if (!known.request_digest.equals(requestDigest)) {
    throw apiError('INPUT_INVALID', {
      message: 'The Idempotency-Key was used for another input. Choose a new one.',
    })
  }
  const where = place('idempotent_act', 'label', { row: known.id, owner: accountId })
  return JSON.parse(vault.open(known.label, where)) as Outcome // written by transactOnce alone
}

/** Inputs are texts, numbers, dates and lists of them, in the order in which a schema lists them. */
function digest(value: unknown): Buffer {
  return hash('sha256', JSON.stringify(value), 'buffer')
}
