import { expect, test } from 'vitest'
import type { OpenBulkQuery } from '../../../src/community/bulk-export/bulk-reader.ts'
import { connectDatabase } from '../../../src/database/connect.ts'
import { createBulkReader } from '../../../src/schema/bulk-export/bulk-reader.ts'
import { schema } from '../../../src/schema/schema.ts'
import { bulkDesk } from '../../support/bulk-exports.ts'
import { whenDone } from '../../support/when-done.ts'

test('an export rests after each page for as long as that has taken', async () => {
  const desk = await bulkDesk({ sets: 450 })
  const { pool } = desk.gateway.database
  const times: { readonly beganAt: number; readonly endedAt: number }[] = []
  await desk.start()
  await desk.round({
    openQuery: around(desk.openQuery, async (read) => {
      const beganAt = performance.now()
      // Longer than all else that is done for a page.
      await pool.query('select pg_sleep(0.2)')
      const page = await read()
      times.push({ beganAt, endedAt: performance.now() })
      return page
    }),
  })
  expect(await desk.seen()).toMatchObject([{ state: 'DONE', sets: 450 }])
  const shares = times.slice(1).map(({ beganAt }, i) => {
    const { beganAt: before, endedAt } = times[i] ?? { beganAt: 0, endedAt: 0 }
    return (beganAt - endedAt) / (endedAt - before)
  })
  expect(shares).toHaveLength(4)
  // A timer may be early by a millisecond.
  for (const share of shares) expect(share).toBeGreaterThan(0.99)
})

test('an export needs one connection, and takes no other', async () => {
  const desk = await bulkDesk({ sets: 250 })
  const { database, vault, acts } = desk.gateway
  const { url } = database
  const exporting = connectDatabase({ url, applicationName: 'maat-background', max: 1 })
  whenDone(exporting.close)
  await desk.start()
  await desk.round({
    database: exporting,
    openQuery: createBulkReader({ schema, database: exporting, vault, clock: acts.clock }),
  })
  const [done] = await desk.seen()
  expect(done).toMatchObject({ state: 'DONE', sets: 250 })
  expect(await desk.lines(done?.url)).toHaveLength(250)
  expect(desk.failures).toEqual([])
})

/** Reads pages by way of this. */
function around(
  open: OpenBulkQuery,
  way: <Page>(read: () => Promise<Page>) => Promise<Page>,
): OpenBulkQuery {
  return (text) => {
    const query = open(text)
    if (query === null) return null
    return { count: query.count, page: (...asked) => way(() => query.page(...asked)) }
  }
}
