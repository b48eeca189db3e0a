import { sql } from 'kysely'
import { queueMail } from '../../mail/outbox.ts'
import { writeMessage } from '../../mail/messages.ts'
import { place } from '../../vault/sealed-rows.ts'
import type { Acts } from '../act.ts'

/** Days before its expiry at which the owner of a key is told. */
export const NOTICE_DAYS = [30, 7, 1] as const

interface ExpiringKey {
  readonly id: string
  readonly slug: string
  readonly account_id: string
  readonly label: string
  readonly expires_at: Date
  readonly days: number
}

/**
 * Queues a mail for every live key that comes near its expiry: once for each of the notices, whoever runs this and how
 * often; where several fall due at once, the nearest alone. A key that was made for less time than that has no such notice.
 */
export async function queueExpiryNotices({
  database,
  vault,
  clock,
}: Pick<Acts, 'database' | 'vault' | 'clock'>): Promise<number> {
  const now = clock()
  const { rows } = await sql<ExpiringKey>`
    select distinct on (k.id) k.id, k.slug, k.account_id, a.label, k.expires_at, n.days
    from unnest(${[...NOTICE_DAYS]}::int[]) as n (days)
    join api_key k on k.expires_at > ${now} and k.expires_at <= ${now}::timestamptz + n.days * interval '1 day'
      and k.expires_at - k.created_at > n.days * interval '1 day'
      and k.revocation_reason is null and k.replaced_by_id is null
    join account a on a.id = k.account_id and a.status = 'active'
    where true
    order by k.id, n.days`.execute(database.kysely)
  let queued = 0
  for (const key of rows) {
    const name = `key-expiry/${key.id}/${key.expires_at.getTime()}/${key.days}`
    const known = await database.kysely
      .selectFrom('mail')
      .select('id')
      .where('name', '=', name)
      .executeTakeFirst()
    if (known !== undefined) continue
    const own = { row: key.account_id, owner: key.account_id }
    const to = vault.open(key.label, place('account', 'label', own))
    const { days, expires_at: expiresAt } = key
    const message = writeMessage('key-expires', { keyId: `key_${key.slug}`, expiresAt, days })
    await queueMail(database.kysely, vault, {
      accountId: key.account_id,
      message: { to, ...message },
      now,
      name,
    })
    queued += 1
  }
  return queued
}
