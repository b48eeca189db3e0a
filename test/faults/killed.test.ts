import { randomInt } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { IS_FULL, miscounted, recorded, startDrill } from '../support/drill.ts'

const KILLS = IS_FULL ? 100 : 4
const CLIENTS = 12
/** A gateway is killed at any moment of this time after it has begun to answer. */
const MOMENT_MS = 700

test(`${KILLS} gateways that are killed at any moment under load lose no acknowledged operation, and count none twice`, async () => {
  const drill = await startDrill(2)
  const { gateways, start } = drill
  const load = await drill.load(CLIENTS)
  for (let kill = 0; kill < KILLS; kill += 1) {
    const place = kill % gateways.length
    // oxlint-disable no-await-in-loop -- one after the other
    // The moment is what is drilled.
    await delay(randomInt(MOMENT_MS))
    await gateways[place]?.end('SIGKILL')
    gateways[place] = await start()
    // oxlint-enable no-await-in-loop
  }
  const sent = await load.stop()
  const acknowledged = sent.filter(({ status }) => status !== null)
  expect(acknowledged.length).toBeGreaterThan(KILLS * 5)

  // Beside the gateways that live.
  const { code, lines } = await drill.check()
  expect([code, lines.at(-1)]).toEqual([0, expect.stringMatching(/ 0 differences$/)])
  const found = await recorded(drill)
  const missing = acknowledged.filter(({ requestId }) => !found.has(requestId))
  const twice = [...found].filter(([, points]) => points.length > 1)
  const other = acknowledged.filter(
    ({ requestId, actual }) => (found.get(requestId)?.[0] ?? actual) !== actual,
  )
  expect({ missing, twice, other }).toEqual({ missing: [], twice: [], other: [] })
  // Counted from the records, so that no call is lost or counted twice either.
  await expect.poll(() => miscounted(drill)).toEqual([])
  // What the ledger has beyond that was on its way to a client when its gateway died.
  const known = new Set(sent.map(({ requestId }) => requestId))
  const unknown = [...found.keys()].filter((id) => !known.has(id))
  expect(unknown).toEqual([])
  expect(found.size - acknowledged.length).toBeLessThanOrEqual(KILLS * CLIENTS)
  console.log(
    `${sent.length} sent, ${acknowledged.length} acknowledged, ${found.size} recorded; ${lines.at(-1)}`,
  )
})
