import { type Kysely, type RawBuilder, sql } from 'kysely'
import { deleteInBatches } from '../database/delete-in-batches.ts'
import type { DB } from '../database/tables.generated.ts'
import { dropOldMails } from '../mail/send-mails.ts'
import { eraseAccount } from './account/erase-account.ts'
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

/** Deletes what nobody needs any more, some at a time; accounts whose address was never confirmed among it. */
export async function sweep({ database, clock }: Pick<Acts, 'database' | 'clock'>): Promise<void> {
  const now = clock()
  const { kysely } = database
  for (const [table, condition] of Object.entries(USELESS)) {
    // Its keys are names of tables, as its type says.
    await deleteInBatches(kysely, table as keyof typeof USELESS, condition(now))
  }
  await eraseUnconfirmed(kysely, now)
  await dropOldGuesses({ database })
  await dropOldMails(kysely, now)
}

/** Table -> which of its rows nobody needs at a moment. */
const USELESS = {
  audit: (now) => sql`created_at < ${before(now, KEPT_DAYS.audit)}`,
  one_time_link: (now) =>
    sql`expires_at < ${before(now, KEPT_DAYS.links)} or used_at < ${before(now, KEPT_DAYS.links)}`,
  session: (now) =>
    sql`expires_at < ${before(now, KEPT_DAYS.sessions)} or ended_at < ${before(now, KEPT_DAYS.sessions)}`,
  // A used one is what tells a thief: it stays for as long as anybody could present it.
  session_refresh: (now) => sql`used_at < ${before(now, KEPT_DAYS.refreshTokens)}`,
  idempotent_act: (now) => sql`created_at < ${before(now, KEPT_DAYS.acts)}`,
} as const satisfies Partial<Record<keyof DB, (now: Date) => RawBuilder<unknown>>>

/** Whoever confirms consents; seeded accounts may be inactive, and hold something. */
async function eraseUnconfirmed(kysely: Kysely<DB>, now: Date): Promise<void> {
  const unconfirmed = await kysely
    .selectFrom('account')
    .select('id')
    .where('status', '=', 'inactive')
    .where('consent', '=', 'none')
    .where('created_at', '<', before(now, KEPT_DAYS.unconfirmedAccounts))
    .where((eb) =>
      eb.not(
        eb.exists(
          eb.selectFrom('session').select('id').whereRef('session.account_id', '=', 'account.id'),
        ),
      ),
    )
    .limit(ERASED_AT_ONCE)
    .execute()
  for (const { id } of unconfirmed) {
    await kysely.transaction().execute((trx) => eraseAccount(trx, id))
  }
}

/** The others follow with the next sweep. */
const ERASED_AT_ONCE = 1000

function before(now: Date, days: number): Date {
  return new Date(now.getTime() - days * 86_400_000)
}
