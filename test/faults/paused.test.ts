import { expect, test } from 'vitest'

import { LEASE_LIFE_MS } from '../../src/quota/lease.ts'
import { startDrill } from '../support/drill.ts'

/** Longer than the store waits for a lease. */
const PAUSED_MS = 10_000

test('the leases of a gateway that stands still are forfeited once, and nothing is spent twice when it goes on', async () => {
  const drill = await startDrill(2)
  const { gateways, database } = drill
  const [paused] = gateways
  const load = await drill.load(8)
  const holds = async (): Promise<number> => {
    const { rows } = await database.pool.query('select count(*)::int as open from quota_grant')
    return rows[0].open
  }
  // By the other gateway, which lives.
  const openSince = async (at: Date): Promise<number> => {
    const { rows } = await database.pool.query(
      'select count(*)::int as open from quota_grant where taken_at < $1',
      [at],
    )
    return rows[0].open
  }
  /** Stops it at a moment at which it holds leases: those that are open once all of the other one have ended. */
  const pause = async (): Promise<{ readonly sinceMs: number; readonly at: Date }> => {
    for (;;) {
      // oxlint-disable no-await-in-loop -- one attempt after the other
      await expect.poll(holds, { timeout: 10_000, interval: 5 }).toBeGreaterThan(2)
      paused?.child.kill('SIGSTOP')
      const sinceMs = performance.now()
      const { rows } = await database.pool.query('select clock_timestamp() as at')
      const isOver = (): boolean => performance.now() - sinceMs > 2 * LEASE_LIFE_MS
      await expect.poll(isOver, { timeout: 10_000, interval: 100 }).toBe(true)
      if ((await openSince(rows[0].at)) > 0) return { sinceMs, at: rows[0].at }
      paused?.child.kill('SIGCONT')
      // oxlint-enable no-await-in-loop
    }
  }
  const { sinceMs, at } = await pause()
  await expect
    .poll(async () => performance.now() - sinceMs > PAUSED_MS && (await openSince(at)) === 0, {
      timeout: 30_000,
      interval: 100,
    })
    .toBe(true)
  paused?.child.kill('SIGCONT')
  const sent = await load.stop()
  // What had not reached it whole when it was stopped has waited too long by then.
  expect(sent.filter(({ status }) => status === 200).length).toBeGreaterThan(0)

  const { code, lines } = await drill.check()
  expect([code, lines.at(-1)]).toEqual([0, expect.stringMatching(/ 0 differences$/)])
  const { rows } = await database.pool.query(`
    select count(*)::int as forfeits, bool_and(explained between 0 and points) as "isWithin" from ledger_entry`)
  expect(rows[0].forfeits).toBeGreaterThan(0)
  expect(rows[0].isWithin).toBe(true)
  console.log(`${sent.length} answered, ${rows[0].forfeits} leases forfeited; ${lines.at(-1)}`)
})
