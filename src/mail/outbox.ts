import type { Kysely } from 'kysely'
import { v7 } from 'uuid'
import type { DB } from '../database/tables.generated.ts'
import { sealRow } from '../vault/seal-row.ts'
import type { Vault } from '../vault/vault.ts'
import type { Message } from './messages.ts'

export interface AddressedMessage extends Message {
  readonly to: string
}

export interface QueuedMail {
  readonly accountId: string
  readonly message: AddressedMessage
  readonly now: Date
  /** Where one mail of this name may be sent alone, ever. */
  readonly name?: string
}

/** The outbox holds the mail once the transaction is through; where one of its name was there before, nothing happens. */
export async function queueMail(
  kysely: Kysely<DB>,
  vault: Vault,
  { accountId, message, now, name }: QueuedMail,
): Promise<void> {
  const id = v7({ msecs: now.getTime() })
  const sealed = sealRow(
    vault,
    'mail',
    { row: id, owner: accountId },
    { message: JSON.stringify(message) },
  )
  await kysely
    .insertInto('mail')
    .values({
      id,
      account_id: accountId,
      ...sealed,
      name: name ?? null,
      due_at: now,
      created_at: now,
    })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
}
