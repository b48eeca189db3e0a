import type { Transaction } from 'kysely'
import { v7 } from 'uuid'
import type { Acts } from '../../auth/act.ts'
import { tell } from '../../auth/sign-in/tell.ts'
import type { DB, InterventionStep } from '../../database/tables.generated.ts'
import { formatId } from '../../ids.ts'

/** A step of the ladder, to be taken. Ids are UUIDs. */
export interface Step {
  readonly accountId: string
  /** The key that it is about; null: the whole account. */
  readonly keyId: string | null
  readonly step: InterventionStep
  /** Of SLOWER alone. */
  readonly pace: number | null
  readonly reason: string
  /** null: until it is lifted. */
  readonly until: Date | null
  /** The account of whoever decided, or the policy that did. */
  readonly by: { readonly personId: string } | { readonly policy: string }
}

/**
 * The step is in force, in place of one of the same kind, and its owner is told by mail. A revocation takes the keys back for
 * good; that of an account keeps it from making new ones until it is over.
 */
export async function takeStep(
  trx: Transaction<DB>,
  acts: Pick<Acts, 'vault' | 'clock' | 'mailsWait'>,
  { accountId, keyId, step, pace, reason, until, by }: Step,
): Promise<string> {
  const now = acts.clock()
  await trx
    .updateTable('intervention')
    .set({ ended_at: now, end_reason: 'superseded' })
    .where('account_id', '=', accountId)
    .where('api_key_id', keyId === null ? 'is' : '=', keyId)
    .where('step', '=', step)
    .where('ended_at', 'is', null)
    .execute()
  const isDone = step === 'revocation' && keyId !== null
  const id = v7({ msecs: now.getTime() })
  await trx
    .insertInto('intervention')
    .values({
      id,
      account_id: accountId,
      api_key_id: keyId,
      step,
      pace,
      reason,
      policy: 'policy' in by ? by.policy : null,
      decided_by: 'personId' in by ? by.personId : null,
      until: isDone ? null : until,
      ended_at: isDone ? now : null,
      end_reason: isDone ? 'done' : null,
      created_at: now,
    })
    .execute()
  if (step === 'revocation') await revokeKeys(trx, { accountId, keyId, at: now })
  const details = {
    step,
    keyId: keyId === null ? null : formatId('key', keyId),
    reason,
    until,
  }
  await tell(trx, acts, { accountId, kind: 'intervention', details })
  return id
}

interface Revoked {
  readonly accountId: string
  readonly keyId: string | null
  readonly at: Date
}

/** The keys open nothing any more: all of the account, or this one. */
async function revokeKeys(trx: Transaction<DB>, { accountId, keyId, at }: Revoked): Promise<void> {
  const keys = trx
    .updateTable('api_key')
    .set((eb) => ({
      revoked_at: at,
      revocation_reason: 'abuse',
      updated_at: at,
      version: eb('version', '+', 1),
    }))
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is', null)
  await (keyId === null ? keys : keys.where('id', '=', keyId)).execute()
}
