import { expect, test } from 'vitest'

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
  await expect.poll(holds, { timeout: 10_000, interval: 5 }).toBeGreaterThan(2)
  paused?.child.kill('SIGSTOP')
  const since = performance.now()
  const { rows: before } = await database.pool.query('select clock_timestamp() as at')
  // By the other gateway, which lives.
  const old = async (): Promise<number> => {
    const { rows } = await database.pool.query(
      'select count(*)::int as open from quota_grant where taken_at < $1',
      [before[0].at],
    )
    return rows[0].open
  }
  await expect
    .poll(async () => performance.now() - since > PAUSED_MS && (await old()) === 0, {
      timeout: 30_000,
      interval: 100,
    })
    .toBe(true)
  paused?.child.kill('SIGCONT')
  const sent = await load.stop()
  expect(sent.every(({ status }) => status !== null)).toBe(true)

  const { code, lines } = await drill.check()
  expect([code, lines.at(-1)]).toEqual([0, expect.stringMatching(/ 0 differences$/)])
  const { rows } = await database.pool.query(`
    select count(*)::int as forfeits, bool_and(explained between 0 and points) as "isWithin" from ledger_entry`)
  expect(rows[0].forfeits).toBeGreaterThan(0)
  expect(rows[0].isWithin).toBe(true)
  console.log(`${sent.length} answered, ${rows[0].forfeits} leases forfeited; ${lines.at(-1)}`)
})
