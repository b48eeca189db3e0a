import { sql } from 'kysely'
import { dropOldMails } from '../mail/send-mails.ts'
import type { Acts } from './act.ts'
import { dropOldGuesses } from './sign-in/guesses.ts'

/** For how long what has no use any more is kept, in days. */
export const KEPT_DAYS = {
  audit: 90,
  links: 1,
  sessions: 30,
  refreshTokens: 31,
  acts: 1,
  unconfirmedAccounts: 7,
} as const

/** Deletes what nobody needs any more; accounts whose address was never confirmed among it. */
export async function sweep({ database, clock }: Pick<Acts, 'database' | 'clock'>): Promise<void> {
  const now = clock()
  const { kysely } = database
  const before = (days: number): Date => new Date(now.getTime() - days * 86_400_000)
  await sql`delete from audit where created_at < ${before(KEPT_DAYS.audit)}`.execute(kysely)
  await sql`delete from one_time_link where expires_at < ${before(KEPT_DAYS.links)}`.execute(kysely)
  await sql`delete from session where least(expires_at, coalesce(ended_at, expires_at)) < ${before(KEPT_DAYS.sessions)}`.execute(
    kysely,
  )
  // A used one is what tells a thief: it stays for as long as anybody could present it.
  await sql`delete from session_refresh where used_at < ${before(KEPT_DAYS.refreshTokens)}`.execute(
    kysely,
  )
  await sql`delete from idempotent_act where created_at < ${before(KEPT_DAYS.acts)}`.execute(kysely)
  await sql`delete from account where status = 'inactive' and created_at < ${before(KEPT_DAYS.unconfirmedAccounts)}
    and not exists (select from session s where s.account_id = account.id)`.execute(kysely)
  await dropOldGuesses({ database })
  await dropOldMails(kysely, now)
}
