import { type Transaction } from 'kysely'
import { v7 } from 'uuid'
import type { DB, Language, MailRequest } from '../../database/tables.generated.ts'
import { sealRow } from '../../vault/seal-row.ts'
import { place } from '../../vault/sealed-rows.ts'
import { normalizeLabel } from '../../vault/vault.ts'
import type { Selectable } from 'kysely'
import type { Acts } from '../act.ts'
import { makeLink, spendLinks } from './links.ts'
import type { AskedByMail } from './request-mail.ts'
import { tell } from './tell.ts'

const AT_ONCE = 20

export type MailActs = Pick<
  Acts,
  'database' | 'vault' | 'clock' | 'random' | 'publicUrl' | 'mailsWait'
>

/** Looks up what was asked for under e-mail addresses, and queues the mails that answer it; answers how many. */
export async function answerMailRequests(acts: MailActs): Promise<number> {
  let answered = 0
  while (await answerOne(acts)) {
    answered += 1
    if (answered >= AT_ONCE) break
  }
  return answered
}

function answerOne(acts: MailActs): Promise<boolean> {
  const { database, vault } = acts
  return database.kysely.transaction().execute(async (trx) => {
    const request = await trx
      .selectFrom('mail_request')
      .selectAll()
      .orderBy('created_at')
      .orderBy('id')
      .limit(1)
      .forUpdate()
      .skipLocked()
      .executeTakeFirst()
    if (request === undefined) return false
    await trx.deleteFrom('mail_request').where('id', '=', request.id).execute()
    const where = place('mail_request', 'label', { row: request.id, owner: request.id })
    const asked = JSON.parse(vault.open(request.label, where)) as AskedByMail // written by noteMailRequest alone
    await answer(trx, acts, { kind: request.kind, asked })
    return true
  })
}

interface Asked {
  readonly kind: Selectable<MailRequest>['kind']
  readonly asked: AskedByMail
}

async function answer(trx: Transaction<DB>, acts: MailActs, { kind, asked }: Asked): Promise<void> {
  const { email } = asked
  const account = await trx
    .selectFrom('account')
    .select(['id', 'status'])
    .where('label_index', '=', acts.vault.labelIndex(email))
    .executeTakeFirst()
  if (kind === 'change_email')
    return changeEmail(trx, acts, { asked, isTaken: account !== undefined })
  if (account === undefined) {
    if (kind !== 'sign_up') return
    return confirmAddress(trx, acts, await createInactive(trx, acts, asked))
  }
  // Whatever it was asked for, first the address has to be confirmed.
  if (account.status === 'inactive') return confirmAddress(trx, acts, account.id)
  const purpose = kind === 'reset_password' ? 'reset_password' : 'sign_in'
  const { token, expiresAt } = await makeLink(trx, acts, { accountId: account.id, purpose })
  const mailKind =
    kind === 'sign_up'
      ? 'already-registered'
      : kind === 'sign_in_link'
        ? 'sign-in-link'
        : 'reset-password'
  await tell(trx, acts, {
    accountId: account.id,
    kind: mailKind,
    details: { publicUrl: acts.publicUrl, token, expiresAt },
  })
}

async function confirmAddress(
  trx: Transaction<DB>,
  acts: MailActs,
  accountId: string,
): Promise<void> {
  await spendLinks(trx, acts, { accountId, purpose: 'confirm_sign_up' })
  const link = await makeLink(trx, acts, { accountId, purpose: 'confirm_sign_up' })
  await tell(trx, acts, {
    accountId,
    kind: 'confirm-sign-up',
    details: { publicUrl: acts.publicUrl, ...link },
  })
}

async function changeEmail(
  trx: Transaction<DB>,
  acts: MailActs,
  { asked, isTaken }: { readonly asked: AskedByMail; readonly isTaken: boolean },
): Promise<void> {
  const { accountId = '', email } = asked
  const isThere = await trx
    .selectFrom('account')
    .select('id')
    .where('id', '=', accountId)
    .executeTakeFirst()
  // The other account's owner need not know, and whoever asks must not: no mail arrives.
  if (isThere === undefined || isTaken) return
  await spendLinks(trx, acts, { accountId, purpose: 'change_email' })
  const link = await makeLink(trx, acts, { accountId, purpose: 'change_email', carried: email })
  await tell(trx, acts, {
    accountId,
    to: email,
    kind: 'change-email',
    details: { publicUrl: acts.publicUrl, ...link },
  })
}

/** An account that nobody can sign in to until its address is confirmed. */
async function createInactive(
  trx: Transaction<DB>,
  acts: MailActs,
  { email, language = 'en' }: AskedByMail,
): Promise<string> {
  return createAccount(trx, acts, {
    email,
    username: `maker-${Buffer.from(acts.random(5)).toString('hex')}`,
    language,
    role: 'user',
  })
}

export interface NewAccount {
  readonly email: string
  readonly username: string
  readonly language: Language
  readonly role: Selectable<DB['account']>['role']
}

/** An inactive account without consent; answers its UUID. Rejects where name or address are taken. */
export async function createAccount(
  trx: Transaction<DB>,
  { vault, clock }: Pick<Acts, 'vault' | 'clock'>,
  { email, username, language, role }: NewAccount,
): Promise<string> {
  const now = clock()
  const id = v7({ msecs: now.getTime() })
  await trx
    .insertInto('account')
    .values({
      id,
      username,
      username_key: normalizeLabel(username),
      ...sealRow(vault, 'account', { row: id, owner: id }, { email }),
      role,
      language,
      created_at: now,
      updated_at: now,
    })
    .execute()
  return id
}
