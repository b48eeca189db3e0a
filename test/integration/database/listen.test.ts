import { expect, test, vi } from 'vitest'

import { connectDatabase } from '../../../src/database/connect.ts'
import { testDatabase } from '../../support/test-database.ts'
import { whenDone } from '../../support/when-done.ts'

const database = await testDatabase()
const LISTENING = `from pg_stat_activity where datname = current_database() and query like 'listen%'`

async function connections(): Promise<number> {
  return (await database.pool.query(`select ${LISTENING}`)).rows.length
}

/** What is heard of a channel, and how often something may have been missed. */
function subscribed(own: Pick<typeof database, 'listen'>, channel: string) {
  const heard: string[] = []
  const onGap = vi.fn<() => void>()
  const stop = own.listen({ channel, onNotice: (payload) => void heard.push(payload), onGap })
  return { heard, gaps: () => onGap.mock.calls.length, stop }
}

function tell(channel: string, payload: string) {
  return database.pool.query('select pg_notify($1, $2)', [channel, payload])
}

test('channels are heard over one connection, each its own notices, and again after it was lost', async () => {
  const own = connectDatabase({ url: database.url, applicationName: 'maat' })
  whenDone(own.close)
  const first = subscribed(own, 'first')
  await expect.poll(first.gaps).toBe(1)
  const late = subscribed(own, 'late')
  await expect.poll(late.gaps).toBe(1)
  expect(await connections()).toBe(1)
  await tell('first', 'a')
  await tell('late', 'b')
  await expect.poll(() => [first.heard, late.heard]).toEqual([['a'], ['b']])

  await database.pool.query(`select pg_terminate_backend(pid, 5000) ${LISTENING}`)
  // Lost, and there again.
  await expect.poll(() => [first.gaps(), late.gaps()]).toEqual([3, 3])
  await tell('late', 'c')
  await expect.poll(() => late.heard).toEqual(['b', 'c'])

  await first.stop()
  await tell('first', 'd')
  await tell('late', 'e')
  await expect.poll(() => late.heard).toEqual(['b', 'c', 'e'])
  expect(first.heard).toEqual(['a'])
  await late.stop()
  await expect.poll(connections).toBe(0)

  const again = subscribed(own, 'first')
  await expect.poll(again.gaps).toBe(1)
  await tell('first', 'f')
  await expect.poll(() => again.heard).toEqual(['f'])
  await again.stop()
})
