import type { Transaction } from 'kysely'
import { v7 } from 'uuid'
import { z } from 'zod'
import type { DB, LinkPurpose } from '../../database/tables.generated.ts'
import { sealRow } from '../../vault/seal-row.ts'
import { place } from '../../vault/sealed-rows.ts'
import type { Acts, Asked } from '../act.ts'
import { digestSecret, formatSecret, parseSecret } from './one-time-secret.ts'

/** For how long what is mailed opens something, in minutes. */
export const LINK_MINUTES = {
  confirm_sign_up: 7 * 24 * 60,
  sign_in: 15,
  reset_password: 30,
  change_email: 60,
  second_factor: 5,
  export: 24 * 60,
} as const satisfies Record<LinkPurpose, number>

export interface NewLink {
  readonly accountId: string
  readonly purpose: LinkPurpose
  /** What it carries, such as a new e-mail address. */
  readonly carried?: string
}

/** The text that opens this once, until its time is over. It is nowhere else. */
export async function makeLink(
  trx: Transaction<DB>,
  { vault, clock, random }: Pick<Acts, 'vault' | 'clock' | 'random'>,
  { accountId, purpose, carried = '' }: NewLink,
): Promise<{ readonly token: string; readonly expiresAt: Date }> {
  const now = clock()
  const id = v7({ msecs: now.getTime() })
  const token = formatSecret('maat_lk_', random)
  const expiresAt = new Date(now.getTime() + LINK_MINUTES[purpose] * 60_000)
  await trx
    .insertInto('one_time_link')
    .values({
      id,
      account_id: accountId,
      purpose,
      digest: digestSecret(token),
      ...sealRow(vault, 'one_time_link', { row: id, owner: accountId }, { carried }),
      expires_at: expiresAt,
      created_at: now,
    })
    .execute()
  return { token, expiresAt }
}

export interface OpenedLink {
  readonly id: string
  readonly accountId: string
  readonly carried: string
}

/** What a token opens, which from now on opens nothing; null where it opens nothing of these purposes. */
export async function useLink(
  trx: Transaction<DB>,
  { vault, clock }: Pick<Acts, 'vault' | 'clock'>,
  { token, purpose }: { readonly token: string; readonly purpose: LinkPurpose },
): Promise<OpenedLink | null> {
  if (parseSecret('maat_lk_', token) === null) return null
  const now = clock()
  const link = await trx
    .updateTable('one_time_link')
    .set({ used_at: now })
    .where('digest', '=', digestSecret(token))
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning(['id', 'account_id', 'label'])
    .executeTakeFirst()
  if (link === undefined) return null
  const where = place('one_time_link', 'label', { row: link.id, owner: link.account_id })
  return { id: link.id, accountId: link.account_id, carried: vault.open(link.label, where) }
}

/** Whose account the input's token opens, before anything else of the input is read; it stays good. null: nobody's. */
export async function ownerOfToken(
  { database, clock }: Pick<Acts, 'database' | 'clock'>,
  asked: Asked,
  purpose: LinkPurpose,
): Promise<string | null> {
  const { token } = NAMED.parse(asked).input
  if (parseSecret('maat_lk_', token) === null) return null
  const link = await database.kysely
    .selectFrom('one_time_link')
    .select('account_id')
    .where('digest', '=', digestSecret(token))
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .where('expires_at', '>', clock())
    .executeTakeFirst()
  return link?.account_id ?? null
}

const NAMED = z.object({ input: z.object({ token: z.string() }) })

/** Links of this purpose that were mailed to the account before open nothing any more. */
export async function spendLinks(
  trx: Transaction<DB>,
  { clock }: Pick<Acts, 'clock'>,
  { accountId, purpose }: { readonly accountId: string; readonly purpose: LinkPurpose },
): Promise<void> {
  await trx
    .updateTable('one_time_link')
    .set({ used_at: clock() })
    .where('account_id', '=', accountId)
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .execute()
}
