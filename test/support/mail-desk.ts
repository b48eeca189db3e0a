import { type Kysely, sql } from 'kysely'
import type { DB } from '../../src/database/tables.generated.ts'
import { queueMail } from '../../src/mail/outbox.ts'
import { type MailSender, sendMails } from '../../src/mail/send-mails.ts'
import { createSmtpTransport } from '../../src/mail/smtp-transport.ts'
import type { MailTransport } from '../../src/mail/transport.ts'
import { testDatabase, type TestDatabase } from './test-database.ts'
import { testVault } from './test-vault.ts'

export const ACCOUNT = '01900000-0000-7000-8000-000000000001'
/** What no log, note or subject may hold. */
export const TOKEN = `maat_lk_${'c'.repeat(43)}`

export interface MailDesk {
  readonly database: TestDatabase
  /** Puts mails into the outbox, one for each of these addresses. */
  readonly queue: (...addresses: readonly string[]) => Promise<void>
  readonly send: (over?: Partial<MailSender>) => Promise<number>
  /** Lets time pass at the desk. */
  readonly pass: (minutes: number) => void
  /** Every line that a log of it would hold. */
  readonly logged: readonly string[]
  readonly vault: MailSender['vault']
  readonly now: () => Date
  readonly kysely: Kysely<DB>
}

/** An outbox and whoever sends from it, over this transport, at a time that stands still. */
export async function mailDesk(transport: MailTransport): Promise<MailDesk> {
  const database = await testDatabase()
  const vault = testVault()
  const logged: string[] = []
  const write = (entry: object, message: string): void => {
    logged.push(JSON.stringify({ ...entry, message }))
  }
  let nowMs = Date.parse('2100-03-01T12:00:00.000Z')
  const now = (): Date => new Date(nowMs)
  const { kysely } = database
  const sender: MailSender = {
    database,
    vault,
    clock: now,
    transport,
    log: { info: write, warn: write },
  }
  return {
    database,
    vault,
    logged,
    now,
    kysely,
    async queue(...addresses) {
      for (const to of addresses) {
        const message = { to, subject: 'Your link', text: `Follow ${TOKEN}\n` }
        await queueMail(kysely, vault, { accountId: ACCOUNT, message, now: now() })
        // So that their ids are in this order.
        nowMs += 1
      }
    },
    send: (over = {}) => sendMails({ ...sender, ...over }),
    pass(minutes) {
      nowMs += minutes * 60_000
    },
  }
}

/** Sends to a server of this machine. */
export function toPort(port: number): MailTransport {
  return createSmtpTransport(`smtp://127.0.0.1:${port}`, 'Maat <no-reply@maat.example>')
}

export interface MailRow {
  readonly attempts: number
  /** Whole minutes from now on until it is due. */
  readonly minutes: number
  readonly isSent: boolean
  readonly failure: string | null
}

/** What the outbox knows of each mail, in the order in which they were put there. */
export async function mailRows({ kysely, now }: MailDesk): Promise<readonly MailRow[]> {
  const { rows } = await sql<MailRow>`
    select attempts, round(extract(epoch from due_at - ${now()}::timestamptz) / 60)::int as minutes,
      sent_at is not null as "isSent", failure from mail order by created_at, id`.execute(kysely)
  return rows
}
