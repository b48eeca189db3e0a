import { hash } from 'node:crypto'
import type { Kysely, Transaction } from 'kysely'
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
 * hours: it is answered again, without its secrets, and another mutation or other arguments are refused.
 * @throws {ApiError} INPUT_INVALID for a key that was used for something else
 */
export async function transactOnce(context: ActContext, effect: Effect): Promise<Outcome> {
  const { vault, clock } = context
  const once = onceOf(context)
  if (once === null) return transact(context, effect)
  return transact(context, async (trx) => {
    const { accountId, keyDigest, requestDigest } = once
    const now = clock()
    const id = v7({ msecs: now.getTime() })
    const ids = { row: id, owner: accountId }
    await trx
      .deleteFrom('idempotent_act')
      .where('account_id', '=', accountId)
      .where('key_digest', '=', keyDigest)
      .where('created_at', '<=', forgottenAt(now))
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
    if (inserted === 0n) {
      const known = await outcomeOf(trx, context, once)
      if (known === null) throw new Error('An act that has happened is not there.')
      return known
    }
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

/**
 * What this very act has come to, under the Idempotency-Key of the request; null where there is no such key, or nothing has
 * happened under it within 24 hours.
 * @throws {ApiError} INPUT_INVALID for a key that was used for something else
 */
export async function outcomeBefore(context: ActContext): Promise<Outcome | null> {
  const once = onceOf(context)
  return once === null ? null : outcomeOf(context.database.kysely, context, once)
}

/** How long an act is answered again instead of done again. */
const REMEMBERED_MS = 86_400_000

/** What was remembered then, or before, is so no more. */
function forgottenAt(now: Date): Date {
  return new Date(now.getTime() - REMEMBERED_MS)
}

class Undone extends Error {
  readonly outcome: Outcome

  constructor(outcome: Outcome) {
    super('Nothing of it stays.')
    this.outcome = outcome
  }
}

/** An act that is to happen once. */
interface Once {
  readonly accountId: string
  readonly keyDigest: Buffer
  readonly requestDigest: Buffer
}

function onceOf({ caller, principal, path, mutation, values }: ActContext): Once | null {
  const { idempotencyKey } = caller
  const { accountId } = principal
  if (idempotencyKey === null || accountId === null) return null
  const keyDigest = digest([idempotencyKey, path])
  return { accountId, keyDigest, requestDigest: digest([mutation, values]) }
}

async function outcomeOf(
  kysely: Kysely<DB>,
  { vault, clock }: ActContext,
  { accountId, keyDigest, requestDigest }: Once,
): Promise<Outcome | null> {
  const known = await kysely
    .selectFrom('idempotent_act')
    .select(['id', 'label', 'request_digest'])
    .where('account_id', '=', accountId)
    .where('key_digest', '=', keyDigest)
    .where('created_at', '>', forgottenAt(clock()))
    .executeTakeFirst()
  if (known === undefined) return null
  if (!known.request_digest.equals(requestDigest)) {
    throw apiError('INPUT_INVALID', {
      message: 'The Idempotency-Key was used for another input. Choose a new one.',
    })
  }
  const where = place('idempotent_act', 'label', { row: known.id, owner: accountId })
  return JSON.parse(vault.open(known.label, where)) as Outcome // written by transactOnce alone
}

/** Arguments are what JSON can say, in the order in which the API lists them. */
function digest(value: unknown): Buffer {
  return hash('sha256', JSON.stringify(value), 'buffer')
}
