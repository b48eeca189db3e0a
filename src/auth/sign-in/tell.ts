import type { Transaction } from 'kysely'
import type { DB } from '../../database/tables.generated.ts'
import { type MessageDetails, type MessageKind, writeMessage } from '../../mail/messages.ts'
import { queueMail } from '../../mail/outbox.ts'
import { place } from '../../vault/sealed-rows.ts'
import type { Acts } from '../act.ts'

export interface Told<Kind extends MessageKind> {
  readonly accountId: string
  /** The account's own address by default. */
  readonly to?: string
  readonly kind: Kind
  readonly details: MessageDetails<Kind>
}

/** The outbox holds a message of this kind for the account, once the transaction is through. */
export async function tell<Kind extends MessageKind>(
  trx: Transaction<DB>,
  { vault, clock, mailsWait }: Pick<Acts, 'vault' | 'clock' | 'mailsWait'>,
  { accountId, to, kind, details }: Told<Kind>,
): Promise<void> {
  const address = to ?? (await addressOf(trx, vault, accountId))
  const message = { to: address, ...writeMessage(kind, details) }
  await queueMail(trx, vault, { accountId, message, now: clock() })
  mailsWait()
}

/** The e-mail address of an account. */
export async function addressOf(
  trx: Transaction<DB>,
  vault: Acts['vault'],
  accountId: string,
): Promise<string> {
  const { label } = await trx
    .selectFrom('account')
    .select('label')
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow()
  return vault.openLabel(label, place('account', 'label', { row: accountId, owner: accountId }))
}
