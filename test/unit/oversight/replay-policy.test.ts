import { expect, test } from 'vitest'

import type { OversightPolicy } from '../../../src/oversight/policies/oversight-policy.ts'
import { replayPolicy } from '../../../src/oversight/replay/replay-policy.ts'

const HOUR_MS = 3_600_000
const START_MS = Date.parse('2026-01-01T00:00:00Z')
const POLICY: OversightPolicy = {
  name: 'heavy',
  over: 'hour',
  measure: 'points',
  above: 100,
  below: 50,
  step: 'notice',
  pace: null,
  forHours: 3,
}

/** Use by hour from the start of the span on, looked at for as long. */
function replay(values: readonly number[], over: Partial<OversightPolicy> = {}) {
  const used = new Map(values.map((value, hour) => [START_MS + hour * HOUR_MS, value]))
  const span = { fromMs: START_MS, toMs: START_MS + values.length * HOUR_MS }
  return replayPolicy({ ...POLICY, ...over }, used, span)
}

test('light use is not hit', () => {
  expect(replay([99, 99, 99, 0])).toBeNull()
})

test('a step is counted from the end of the hour that called for it, for its time', () => {
  expect(replay([0, 100, 0, 0, 0, 0, 0])).toEqual({
    taken: 1,
    prolonged: 0,
    hours: 3,
    firstMs: START_MS + 2 * HOUR_MS,
  })
})

test('use between the bounds prolongs a step, and takes none', () => {
  expect(replay([50, 50, 50, 50])).toBeNull()
  expect(replay([100, 0, 0, 50, 0, 0, 0, 0])).toMatchObject({ taken: 1, prolonged: 1, hours: 6 })
})

test('heavy use after the end is hit again', () => {
  expect(replay([100, 0, 0, 0, 100, 0])).toMatchObject({ taken: 2, hours: 4 })
})

test('a longer window adds up, and reaches back before the span', () => {
  const day = { over: 'day', above: 240 } as const
  expect(replay(Array<number>(30).fill(10), day)).toMatchObject({
    taken: 1,
    firstMs: START_MS + 24 * HOUR_MS,
  })
  const used = new Map([[START_MS - 24 * HOUR_MS, 240]])
  const span = { fromMs: START_MS, toMs: START_MS + HOUR_MS }
  expect(replayPolicy({ ...POLICY, ...day }, used, span)).toMatchObject({ firstMs: START_MS })
  const earlier = new Map([[START_MS - 25 * HOUR_MS, 240]])
  expect(replayPolicy({ ...POLICY, ...day }, earlier, span)).toBeNull()
})
