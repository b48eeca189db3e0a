import { expect, test, vi } from 'vitest'
import { bulkDesk } from '../../support/bulk-exports.ts'
import { tablesThatHold } from '../../support/account-catalogue.ts'
import { PATIENTLY } from '../../support/patiently.ts'

const DAY_MS = 86_400_000

/** A desk with a whole file, at a clock of its own. */
async function finished(sets = 120) {
  const time = { ms: Date.now() }
  const desk = await bulkDesk({ sets, now: () => new Date(time.ms) })
  await desk.start()
  await desk.round()
  const [done] = await desk.seen()
  const path = new URL(done?.url ?? '').pathname
  return { ...desk, time, url: done?.url ?? '', path }
}

test('a link opens the file as often as it is asked for, and the access log tells of it', async () => {
  const { gateway, accountId, lines, url, path } = await finished()
  expect(await lines(url)).toHaveLength(120)
  expect(await lines(url)).toHaveLength(120)
  const { headers, bytes } = await gateway.send({ path })
  expect(headers).toMatchObject({
    'content-type': 'application/gzip',
    'content-length': String(bytes.length),
    'cache-control': 'no-store',
  })
  const log = () =>
    gateway.database.kysely
      .selectFrom('audit')
      .select(['action', 'actor_kind'])
      .where('account_id', '=', accountId)
      .orderBy('action', 'desc')
      .execute()
  // A download is noted once all of it has been sent.
  await vi.waitFor(
    async () =>
      expect(await log()).toEqual([
        { action: 'start-bulk-export', actor_kind: 'key' },
        ...Array.from({ length: 3 }, () => ({
          action: 'download-bulk-export',
          actor_kind: 'link',
        })),
      ]),
    PATIENTLY,
  )
})

test('a link ends after 24 hours, and what it led to is deleted', async () => {
  const { gateway, time, path, round } = await finished()
  time.ms += DAY_MS - 1000
  expect((await gateway.send({ path })).status).toBe(200)
  time.ms += 1000
  expect((await gateway.send({ path })).status).toBe(404)
  await round()
  const { kysely } = gateway.database
  expect(await kysely.selectFrom('bulk_export_page').selectAll().execute()).toEqual([])
  const rows = await kysely.selectFrom('bulk_export').select(['state', 'digest']).execute()
  expect(rows).toEqual([{ state: 'done', digest: null }])
  time.ms += 31 * DAY_MS
  await round()
  expect(await kysely.selectFrom('bulk_export').selectAll().execute()).toEqual([])
})

test('a link ends with the next export', async () => {
  const { gateway, path, start, round, seen } = await finished()
  await start()
  expect((await gateway.send({ path })).status).toBe(404)
  await round()
  expect(await seen()).toMatchObject([
    { state: 'DONE', url: null },
    { state: 'DONE', url: expect.any(String) },
  ])
})

test.each([
  ['is closed', { status: 'disabled' }],
  ['withdraws consent', { consent: 'none' }],
] as const)('a link opens nothing once the account %s', async (_what, change) => {
  const { gateway, path } = await finished()
  await gateway.database.kysely.updateTable('account').set(change).execute()
  expect((await gateway.send({ path })).status).toBe(404)
})

test.each(['/exports/bulk/', '/exports/bulk/x', `/exports/bulk/maat_lk_${'A'.repeat(43)}`])(
  'no file is at %s',
  async (path) => {
    const { gateway } = await bulkDesk({ sets: 0 })
    expect((await gateway.send({ path })).status).toBe(404)
  },
)

test('another account does not see the link', async () => {
  const { gateway, seen } = await finished(1)
  const other = await gateway.issueKey({ accountId: await gateway.account(), level: 4 })
  expect(await seen(other)).toEqual([])
})

test('the database holds neither link, query nor sets in the clear', async () => {
  const { gateway, url } = await finished(1)
  const token = url.slice(-43)
  const found = await tablesThatHold(gateway.database, [token, 'measurementSets', 'Set 0'])
  expect(found).toEqual([])
})
