import { type Kysely, sql } from 'kysely'
import type { Clock } from '../clock.ts'
import type { DB } from '../database/tables.generated.ts'
import { place } from '../vault/sealed-rows.ts'
import type { Vault } from '../vault/vault.ts'
import type { AddressedMessage } from './outbox.ts'
import type { MailTransport } from './transport.ts'

export interface MailSender {
  readonly database: { readonly kysely: Kysely<DB> }
  readonly vault: Vault
  readonly clock: Clock
  readonly transport: MailTransport
  readonly log: MailLog
}

export interface MailLog {
  readonly info: (entry: object, message: string) => void
  readonly warn: (entry: object, message: string) => void
}

/** Minutes until the next attempt, after each that failed; then every hour. */
const BACK_OFF_MINUTES = [1, 5, 15, 60] as const
const GIVEN_UP_AFTER_MS = 3 * 86_400_000
const KEPT_MS = 7 * 86_400_000
/** Whoever takes a mail has so long for it; then another one may. */
const LEASE_MS = 60_000
const AT_ONCE = 10

/**
 * Sends what is due, and answers how many mails left. Of several gateways one sends each mail; a crash between the server's
 * answer and our note of it alone sends one twice. What fails comes round again, less and less often, for three days.
 */
export async function sendMails(sender: MailSender): Promise<number> {
  const { vault, clock, transport, log, database } = sender
  let sent = 0
  while (true) {
    const taken = await takeDue(sender)
    for (const mail of taken) {
      const where = place('mail', 'label', { row: mail.id, owner: mail.account_id })
      try {
        const message = JSON.parse(vault.open(mail.label, where)) as AddressedMessage // written by queueMail alone
        const note = await transport.send({ id: mail.id, message })
        await database.kysely
          .updateTable('mail')
          .set({ sent_at: clock() })
          .where('id', '=', mail.id)
          .execute()
        sent += 1
        if (note !== null) log.info({ mail: mail.id }, note)
      } catch (error) {
        await postpone(sender, mail, reasonOf(error))
      }
    }
    if (taken.length < AT_ONCE) return sent
  }
}

/** Mails that were sent or given up are forgotten after a week. */
export async function dropOldMails(kysely: Kysely<DB>, now: Date): Promise<void> {
  await kysely
    .deleteFrom('mail')
    .where('created_at', '<', new Date(now.getTime() - KEPT_MS))
    .where((eb) => eb.or([eb('sent_at', 'is not', null), eb('failure', 'is not', null)]))
    // A name is what keeps a mail from being sent again.
    .where((eb) =>
      eb.or([
        eb('name', 'is', null),
        eb('created_at', '<', new Date(now.getTime() - NAMES_KEPT_MS)),
      ]),
    )
    .execute()
}

/** Longer than a key lives. */
const NAMES_KEPT_MS = 400 * 86_400_000

interface DueMail {
  readonly id: string
  readonly account_id: string
  readonly label: string
  readonly attempts: number
  readonly created_at: Date
}

async function takeDue({ database, clock }: MailSender): Promise<readonly DueMail[]> {
  const now = clock()
  const { rows } = await sql<DueMail>`
    update mail set due_at = ${new Date(now.getTime() + LEASE_MS)}, attempts = attempts + 1
    where id in (
      select id from mail where sent_at is null and failure is null and due_at <= ${now}
      order by due_at limit ${AT_ONCE} for update skip locked)
    returning id, account_id, label, attempts, created_at`.execute(database.kysely)
  return rows
}

async function postpone(
  { database, clock, log }: MailSender,
  { id, attempts, created_at: createdAt }: DueMail,
  reason: string,
): Promise<void> {
  const now = clock()
  const isGivenUp = now.getTime() - createdAt.getTime() >= GIVEN_UP_AFTER_MS
  const minutes = BACK_OFF_MINUTES[attempts - 1] ?? BACK_OFF_MINUTES.at(-1) ?? 60
  await database.kysely
    .updateTable('mail')
    .set(isGivenUp ? { failure: reason } : { due_at: new Date(now.getTime() + minutes * 60_000) })
    .where('id', '=', id)
    .execute()
  log.warn({ mail: id, attempts, reason }, isGivenUp ? 'A mail was given up.' : 'A mail waits.')
}

/** The code alone: what servers answer quotes the address. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const { code, responseCode } = error as {
    readonly code?: unknown
    readonly responseCode?: unknown
  } // as nodemailer and node have them
  const parts = [code, responseCode].filter(
    (part) => typeof part === 'string' || typeof part === 'number',
  )
  return parts.length === 0 ? error.name : parts.join(' ')
}
