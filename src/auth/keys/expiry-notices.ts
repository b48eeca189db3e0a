import { type Kysely, sql } from 'kysely'
import type { DB } from '../../database/tables.generated.ts'
import { queueMail } from '../../mail/outbox.ts'
import { writeMessage } from '../../mail/messages.ts'
import { place } from '../../vault/sealed-rows.ts'
import type { Acts } from '../act.ts'

/** Days before its expiry at which the owner of a key is told. */
export const NOTICE_DAYS = [30, 7, 1] as const

export interface Noticing extends Pick<Acts, 'database' | 'vault' | 'clock'> {
  /** Hears why the notice of a key, by its id, was not written; the others are. */
  readonly onFailure?: (keyId: string, error: unknown) => void
}

/**
 * Queues a mail for every live key that comes near its expiry, and answers how many: once for each of the notices, whoever
 * runs this and how often; where several fall due at once, the nearest alone. A key that was made for no longer than that
 * has no such notice.
 */
export async function queueExpiryNotices(noticing: Noticing): Promise<number> {
  const { database, clock, onFailure = () => {} } = noticing
  const now = clock()
  let queued = 0
  let after = FIRST_ID
  while (true) {
    const keys = await keysToTell(database.kysely, now, after)
    for (const key of keys) {
      after = key.id
      try {
        await tellOwner(noticing, key, now)
        queued += 1
      } catch (error) {
        onFailure(key.id, error)
      }
    }
    if (keys.length < AT_ONCE) return queued
  }
}

const AT_ONCE = 200
const FIRST_ID = '00000000-0000-0000-0000-000000000000'

interface ExpiringKey {
  readonly id: string
  readonly slug: string
  readonly account_id: string
  /** Of the account. */
  readonly label: string
  readonly expires_at: Date
  readonly days: number
  readonly name: string
}

async function keysToTell(
  kysely: Kysely<DB>,
  now: Date,
  after: string,
): Promise<readonly ExpiringKey[]> {
  const { rows } = await sql<ExpiringKey>`
    select k.id, k.slug, k.account_id, a.label, k.expires_at, n.days, m.name
    from api_key k
    join account a on a.id = k.account_id and a.status = 'active'
    cross join lateral (
      select min(days) as days from unnest(${[...NOTICE_DAYS]}::int[]) as d (days)
      where k.expires_at <= ${now}::timestamptz + d.days * interval '1 day'
        and k.expires_at - k.created_at > d.days * interval '1 day') n
    cross join lateral (
      select concat_ws('/', 'key-expiry', k.id, (extract(epoch from k.expires_at) * 1000)::bigint, n.days)
        collate "C" as name) m
    where k.revocation_reason is null and k.replaced_by_id is null and k.id > ${after}
      and k.expires_at > ${now}
      and k.expires_at <= ${now}::timestamptz + ${Math.max(...NOTICE_DAYS)} * interval '1 day'
      and n.days is not null
      and not exists (select from mail where mail.name = m.name)
    order by k.id limit ${AT_ONCE}`.execute(kysely)
  return rows
}

async function tellOwner(
  { database, vault }: Noticing,
  key: ExpiringKey,
  now: Date,
): Promise<void> {
  const { slug, account_id: accountId, label, expires_at: expiresAt, days, name } = key
  const to = vault.openLabel(label, place('account', 'label', { row: accountId, owner: accountId }))
  const written = writeMessage('key-expires', { keyId: `key_${slug}`, expiresAt, days })
  await queueMail(database.kysely, vault, { accountId, message: { to, ...written }, now, name })
}
