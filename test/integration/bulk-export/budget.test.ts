import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { bulkDesk, type BulkDesk } from '../../support/bulk-exports.ts'
import { AMPLE_ROWS, policiesWith } from '../../support/policies.ts'

const DAY_MS = 86_400_000

/** Points that the account has drawn so far, on its burst and on its day. */
async function drawn({ gateway, accountId }: BulkDesk): Promise<object> {
  const { rows } = await sql<{ partition: string; points: number }>`
    select partition, (reserved - refunded)::int as points from quota_budget where subject = ${accountId}`.execute(
    gateway.database.kysely,
  )
  return Object.fromEntries(rows.map(({ partition, points }) => [partition, points]))
}

test('an export costs a point for ten sets, of the day and not of the burst', async () => {
  const day = { capacity: 500 }
  const policies = policiesWith({ ...AMPLE_ROWS, day, 'young-day': day, ceiling: 100 })
  const desk = await bulkDesk({ sets: 123, policies })
  await desk.start()
  const before = (await drawn(desk)) as { readonly burst: number; readonly day: number }
  await desk.round()
  expect(await desk.seen()).toMatchObject([{ state: 'DONE' }])
  await desk.gateway.quota.close()
  const after = (await drawn(desk)) as { readonly burst: number; readonly day: number }
  const ofList = after.burst - before.burst
  expect(after.day - before.day - ofList).toBe(10 + 3)
})

test('an export waits where the day is spent, and goes on by itself once it has turned', async () => {
  const day = { capacity: 45 }
  const policies = policiesWith({ ...AMPLE_ROWS, day, 'young-day': day, ceiling: 45 })
  const start = Date.now()
  let now = start
  const desk = await bulkDesk({ sets: 450, policies, now: () => new Date(now) })
  const { kysely } = desk.gateway.database
  await desk.start()
  await desk.round()
  const paused = await kysely.selectFrom('bulk_export').selectAll().executeTakeFirstOrThrow()
  expect(paused).toMatchObject({ state: 'paused', sets: 300, claim: null })
  const resumeAt = paused.resume_at?.getTime() ?? 0
  expect(resumeAt).toBeGreaterThan(start)
  expect(resumeAt).toBeLessThanOrEqual(start + DAY_MS)
  await desk.round()
  expect(await kysely.selectFrom('bulk_export').select('sets').execute()).toEqual([{ sets: 300 }])
  now = resumeAt
  // The day of the store's clock turns.
  await sql`update quota_budget set at = at - interval '1 day'`.execute(kysely)
  desk.gateway.quota.release(desk.accountId)
  await desk.round()
  const [done] = await desk.seen()
  expect(done).toMatchObject({ state: 'DONE', sets: 450 })
  expect(await desk.lines(done?.url)).toHaveLength(450)
})

test('an export whose day never holds a page says so', async () => {
  const desk = await bulkDesk({ sets: 1 })
  const { kysely } = desk.gateway.database
  await desk.start()
  await kysely
    .insertInto('quota_limit')
    .values({ account_id: desk.accountId, partition: 'day', capacity: 9 })
    .execute()
  await desk.round()
  const rows = await kysely.selectFrom('bulk_export').select(['state', 'failure']).execute()
  expect(rows).toEqual([{ state: 'failed', failure: 'budget_too_small' }])
})
