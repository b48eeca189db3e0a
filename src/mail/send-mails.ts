import { type Kysely, sql } from 'kysely'
import type { Clock } from '../clock.ts'
import { deleteInBatches } from '../database/delete-in-batches.ts'
import type { DB } from '../database/tables.generated.ts'
import { place } from '../vault/sealed-rows.ts'
import type { Vault } from '../vault/vault.ts'
import { MailError } from './mail-error.ts'
import type { AddressedMessage } from './outbox.ts'
import type { MailTransport } from './transport.ts'

export interface MailSender {
  readonly database: { readonly kysely: Kysely<DB> }
  readonly vault: Vault
  readonly clock: Clock
  readonly transport: MailTransport
  readonly log: MailLog
  /** Aborted, it lets the mails under way go, and takes no more. */
  readonly signal?: AbortSignal
}

/** Hears of mails by their ids: of no address, subject or text. */
export interface MailLog {
  readonly info: (entry: object, message: string) => void
  readonly warn: (entry: object, message: string) => void
}

/** Minutes until the next attempt, after each that failed; then every hour. */
const BACK_OFF_MINUTES = [1, 5, 15, 60] as const
const GIVEN_UP_AFTER_MS = 3 * 86_400_000
const KEPT_MS = 7 * 86_400_000
/** No key lives that long: a notice of its expiry is not sent again. */
const NAMES_KEPT_MS = 400 * 86_400_000
/** Whoever takes mails has so long for them, then another gateway may: many times what a transport needs, as clocks differ. */
const LEASE_MS = 10 * 60_000
/** Side by side. */
const AT_ONCE = 5

/**
 * Sends what is due, and answers how many mails left. Of several gateways one sends each mail: it is taken before the
 * conversation with the server, which no transaction waits for. Only a gateway, or a database, that fails between the
 * server's answer and our note of it has a mail sent twice, under one Message-ID. What fails comes round again, less and
 * less often, for three days. A server that is away ends the round.
 */
export async function sendMails(sender: MailSender): Promise<number> {
  let sent = 0
  while (sender.signal?.aborted !== true) {
    const taken = await takeDue(sender)
    const settled = await Promise.allSettled(taken.map((mail) => sendOne(sender, mail)))
    const ends = settled.map((each) => {
      if (each.status === 'rejected') throw each.reason
      return each.value
    })
    sent += ends.filter((end) => end === 'sent').length
    const isAway = ends.every((end) => end === 'unreachable')
    if (isAway || taken.length < AT_ONCE) break
  }
  return sent
}

/**
 * Mails that were sent or given up are forgotten after a week, as are those whose account is gone; one with a name after
 * more than a year, since its name is what keeps it from being sent again.
 */
export async function dropOldMails(kysely: Kysely<DB>, now: Date): Promise<number> {
  const before = (ms: number): Date => new Date(now.getTime() - ms)
  return deleteInBatches(
    kysely,
    'mail',
    sql`created_at < ${before(KEPT_MS)} and (
      not exists (select from account a where a.id = account_id)
      or (sent_at is not null or failure is not null)
        and (name is null or created_at < ${before(NAMES_KEPT_MS)}))`,
  )
}

interface DueMail {
  readonly id: string
  readonly account_id: string
  readonly label: string
  /** This one among them. */
  readonly attempts: number
  readonly created_at: Date
}

async function takeDue({ database, clock }: MailSender): Promise<readonly DueMail[]> {
  const now = clock()
  const { rows } = await sql<DueMail>`
    update mail set due_at = ${new Date(now.getTime() + LEASE_MS)}, attempts = attempts + 1
    where id = any (array(
      select id from mail where sent_at is null and failure is null and due_at <= ${now}
      order by due_at limit ${AT_ONCE} for update skip locked))
    returning id, account_id, label, attempts, created_at`.execute(database.kysely)
  return rows
}

/** Rejects only where the database does not take the note. */
async function sendOne(
  sender: MailSender,
  mail: DueMail,
): Promise<'sent' | 'unreachable' | 'failed'> {
  const { vault, transport, log, database, clock } = sender
  const { id, account_id: owner, created_at: createdAt } = mail
  let note: string | null
  try {
    const text = vault.open(mail.label, place('mail', 'label', { row: id, owner }))
    const message = JSON.parse(text) as AddressedMessage // written by queueMail alone
    note = await transport.send({ id, message, createdAt })
  } catch (error) {
    await putOff(sender, mail, error)
    return error instanceof MailError && error.kind === 'unreachable' ? 'unreachable' : 'failed'
  }
  await database.kysely.updateTable('mail').set({ sent_at: clock() }).where('id', '=', id).execute()
  if (note !== null) log.info({ mail: id }, note)
  return 'sent'
}

async function putOff(
  { database, clock, log }: MailSender,
  { id, attempts, created_at: createdAt }: DueMail,
  error: unknown,
): Promise<void> {
  const now = clock()
  const reason = reasonOf(error)
  const isRefused = error instanceof MailError && error.kind === 'refused'
  const isGivenUp = isRefused || now.getTime() - createdAt.getTime() >= GIVEN_UP_AFTER_MS
  const minutes = BACK_OFF_MINUTES[attempts - 1] ?? 60
  await database.kysely
    .updateTable('mail')
    .set(isGivenUp ? { failure: reason } : { due_at: new Date(now.getTime() + minutes * 60_000) })
    .where('id', '=', id)
    .where('sent_at', 'is', null)
    .execute()
  log.warn({ mail: id, attempts, reason }, isGivenUp ? 'A mail was given up.' : 'A mail waits.')
}

/** Codes and names alone: messages may quote the address. */
function reasonOf(error: unknown): string {
  if (error instanceof MailError) return error.reason
  if (!(error instanceof Error)) return 'EUNKNOWN'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
