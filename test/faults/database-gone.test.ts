import { expect, test } from 'vitest'

import { IS_FULL, recorded, startDrill } from '../support/drill.ts'
import { cuttingProxy } from '../support/cutting-proxy.ts'

const GONE_MS = IS_FULL ? 30_000 : 3_000
const RECOVERED_MS = 5_000

test(`a database that is gone for ${GONE_MS / 1000} s is 503 and never a wrong answer; what was refused meanwhile is in the ledger too`, async () => {
  const proxy = await cuttingProxy()
  const drill = await startDrill(2, proxy.to)
  const load = await drill.load(8)
  const { rows } = await drill.database.pool.query('select clock_timestamp() as at')
  const some = async (): Promise<number> => {
    const counted = await drill.database.pool.query(
      'select count(*)::int as n from usage_record where recorded_at > $1',
      [rows[0].at],
    )
    return counted.rows[0].n
  }
  await expect.poll(some, { timeout: 20_000 }).toBeGreaterThan(20)
  proxy.cut()
  const cutAt = performance.now()
  await expect
    .poll(() => performance.now() - cutAt > GONE_MS, { timeout: 60_000, interval: 50 })
    .toBe(true)
  const before = await some()
  proxy.mend()
  // New records come in, and so operations run again.
  const ran = async (): Promise<number> => {
    const counted = await drill.database.pool.query(
      `select count(*)::int as n from usage_record where recorded_at > $1 and outcome = 'OK'`,
      [rows[0].at],
    )
    return counted.rows[0].n
  }
  const ranBefore = await ran()
  await expect.poll(ran, { timeout: RECOVERED_MS }).toBeGreaterThan(ranBefore)
  expect(before).toBeGreaterThan(0)
  const sent = await load.stop()
  expect(new Set(sent.map(({ status }) => status))).toEqual(new Set([200, 503]))

  const { code, lines } = await drill.check()
  expect([code, lines.at(-1)]).toEqual([0, expect.stringMatching(/ 0 differences$/)])
  const found = await recorded(drill)
  const missing = sent.filter(({ requestId, status }) => status === 200 && !found.has(requestId))
  const refused = sent.filter(({ requestId, status }) => status === 503 && found.has(requestId))
  expect(missing).toEqual([])
  expect(refused.length).toBeGreaterThan(0)
  console.log(`${sent.length} answered, ${refused.length} of them refused; ${lines.at(-1)}`)
})
