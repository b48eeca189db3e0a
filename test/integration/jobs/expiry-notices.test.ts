import { expect, test } from 'vitest'

import { issueKey } from '../../../src/auth/issue-key.ts'
import { queueExpiryNotices } from '../../../src/auth/keys/expiry-notices.ts'
import { sweep } from '../../../src/auth/sweep.ts'
import { place } from '../../../src/vault/sealed-rows.ts'
import { insertAccount } from '../../support/account.ts'
import { testDatabase } from '../../support/test-database.ts'
import { testVault } from '../../support/test-vault.ts'

const DAY_MS = 86_400_000
const START_MS = Date.parse('2100-01-01T00:00:00.000Z')

test('a key that lives for a year is told of 30, 7 and 1 days before its end, once each, by three gateways at the same time', async () => {
  const desk = await noticeDesk()
  await desk.issue({ days: 365 })
  const told: [number, string[]][] = []
  for (let hour = 330 * 24; hour <= 366 * 24; hour += 6) {
    desk.at(hour / 24)
    await Promise.all([desk.notice(), desk.notice(), desk.notice()])
    if (hour % 24 === 0) await sweep(desk)
    const subjects = await desk.taken()
    if (subjects.length > 0) told.push([hour / 24, subjects])
  }
  expect(told).toEqual([
    [335, ['within 30 days']],
    [358, ['within 7 days']],
    [364, ['within a day']],
  ])
})

test('the mail goes to the address of the account, and names the key by its id', async () => {
  const desk = await noticeDesk()
  const { publicId } = await desk.issue({ days: 20 })
  desk.at(14)
  expect(await desk.notice()).toBe(1)
  const [mail] = await desk.mails()
  expect(mail).toMatchObject({ to: 'eva@example.test', subject: 'An API key expires soon' })
  expect(mail?.text).toContain(publicId)
  expect(mail?.text).toContain('2100-01-21 00:00 UTC')
})

test.each([
  [30, 7, 23],
  [20, 7, 13],
  [7, 1, 6],
])('a key made for %i days is told of %i days before its end at first', async (life, days, day) => {
  const desk = await noticeDesk()
  await desk.issue({ days: life })
  for (const earlier of [0, day - 0.01]) {
    desk.at(earlier)
    expect(await desk.notice()).toBe(0)
  }
  desk.at(day)
  expect(await desk.notice()).toBe(1)
  expect(await desk.taken()).toEqual([days === 1 ? 'within a day' : `within ${days} days`])
})

test('a key made for a day or less is told of never', async () => {
  const desk = await noticeDesk()
  await desk.issue({ days: 1 })
  for (const day of [0, 0.5, 0.99, 1, 2]) {
    desk.at(day)
    expect(await desk.notice()).toBe(0)
  }
})

test('of several notices that fall due at once the nearest alone is sent', async () => {
  const desk = await noticeDesk()
  await desk.issue({ days: 365 })
  desk.at(364.5)
  expect(await desk.notice()).toBe(1)
  expect(await desk.notice()).toBe(0)
  expect(await desk.taken()).toEqual(['within a day'])
})

test('keys that were revoked, replaced or have expired, and those of a closed account, are not told of', async () => {
  const desk = await noticeDesk()
  const revoked = await desk.issue({ days: 40 })
  const replaced = await desk.issue({ days: 40 })
  await desk.issue({ days: 34 })
  const other = await desk.issue({ days: 40, username: 'ada' })
  const { kysely } = desk.database
  await kysely
    .updateTable('api_key')
    .set({ revoked_at: new Date(START_MS), revocation_reason: 'owner' })
    .where('id', '=', revoked.id)
    .execute()
  await kysely
    .updateTable('api_key')
    .set({ replaced_by_id: other.id })
    .where('id', '=', replaced.id)
    .execute()
  await kysely
    .updateTable('account')
    .set({ status: 'disabled' })
    .where('username', '=', 'ada')
    .execute()
  desk.at(35)
  expect(await desk.notice()).toBe(0)
})

test('an address that does not open is told of by the id of its key, and keeps no other notice back', async () => {
  const desk = await noticeDesk()
  const broken = await desk.issue({ days: 40 })
  await desk.issue({ days: 40, username: 'ada' })
  await desk.database.pool.query(
    `update account set label = (select label from account where username = 'ada') where username = 'eva'`,
  )
  desk.at(35)
  expect(await desk.notice()).toBe(1)
  expect(desk.failed).toEqual([broken.id])
})

test('more keys than one statement takes are all told of', async () => {
  const desk = await noticeDesk()
  const { id } = await desk.issue({ days: 40 })
  await desk.database.pool.query(
    `insert into api_key (id, account_id, label, level, digest, pepper_id, expires_at, created_at, updated_at)
     select gen_random_uuid(), account_id, label, level, sha256(n::text::bytea), pepper_id, expires_at, created_at, updated_at
     from api_key, generate_series(1, 450) as s (n) where id = $1`,
    [id],
  )
  desk.at(35)
  expect(await desk.notice()).toBe(451)
  expect(await desk.notice()).toBe(0)
})

/** Keys of eva and ada, issued on day 0, and the notices of their expiry at a time that stands still. */
async function noticeDesk() {
  const database = await testDatabase()
  const vault = testVault()
  const owners = new Map<string, string>()
  const failed: string[] = []
  let nowMs = START_MS
  const clock = (): Date => new Date(nowMs)
  const onFailure = (keyId: string): void => void failed.push(keyId)

  async function mails(): Promise<{ to: string; subject: string; text: string }[]> {
    const rows = await database.kysely
      .selectFrom('mail')
      .selectAll()
      .where('sent_at', 'is', null)
      .execute()
    return rows.map(({ id, account_id: owner, label }) =>
      JSON.parse(vault.open(label, place('mail', 'label', { row: id, owner }))),
    )
  }

  return {
    database,
    clock,
    failed,
    mails,
    at(day: number) {
      nowMs = START_MS + day * DAY_MS
    },
    notice: () => queueExpiryNotices({ database, vault, clock, onFailure }),
    async issue({ days, username = 'eva' }: { days: number; username?: string }) {
      const accountId = owners.get(username) ?? (await insertAccount(database, vault, { username }))
      owners.set(username, accountId)
      const expiresAt = new Date(nowMs + days * DAY_MS)
      return issueKey(
        { database, vault, clock },
        { accountId, name: 'script', level: 1, expiresAt },
      )
    },
    /** When the keys of the mails that wait expire, as those say; they count as sent. */
    async taken() {
      const said = (await mails()).map(({ text }) => /within [\w ]+/.exec(text)?.[0] ?? '')
      await database.kysely.updateTable('mail').set({ sent_at: clock() }).execute()
      return said
    },
  }
}
