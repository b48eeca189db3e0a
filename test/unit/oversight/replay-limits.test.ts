import { describe, expect, test } from 'vitest'

import { createLimitReplay } from '../../../src/oversight/replay/replay-limits.ts'
import type { Claim } from '../../../src/quota/store.ts'

const NOON_MS = Date.parse('2026-01-01T12:00:00Z')
const BURST: Claim = {
  partition: 'burst',
  subject: 'ada',
  budget: { kind: 'bucket', capacity: 100, restorePerSecond: 10 },
}
const DAY: Claim = {
  partition: 'day',
  subject: 'ada',
  budget: { kind: 'window', window: 'day', capacity: 250 },
}

/** What refuses operations of so many points, so many seconds after noon. */
function refusers(
  claims: readonly Claim[],
  operations: readonly (readonly [seconds: number, points: number, estimated?: number])[],
) {
  const replay = createLimitReplay()
  return operations.map(([seconds, points, estimated = points]) =>
    replay.run({ claims, ceiling: 100 }, { atMs: NOON_MS + seconds * 1000, points, estimated }),
  )
}

describe('a bucket', () => {
  test('refuses what it does not hold, and fills again', () => {
    expect(
      refusers(
        [BURST],
        [
          [0, 100],
          [0, 1],
          [1, 10],
          [1, 1],
          [11, 100],
        ],
      ),
    ).toEqual([null, 'burst', null, 'burst', null])
  })

  test('holds no more than when it is full', () => {
    expect(
      refusers(
        [BURST],
        [
          [0, 1],
          [3600, 100],
          [3600, 1],
        ],
      ),
    ).toEqual([null, null, 'burst'])
  })
})

test('a day is full again at midnight, UTC', () => {
  const midnight = 12 * 3600
  expect(
    refusers(
      [DAY],
      [
        [0, 100],
        [1, 100],
        [2, 51],
        [2, 50],
        [midnight - 1, 1],
        [midnight, 100],
      ],
    ),
  ).toEqual([null, null, 'day', null, 'day', null])
})

test('an operation draws on all of its budgets, or on none', () => {
  const operations = [
    [0, 90],
    [0, 20],
    [0, 10],
  ] as const
  expect(refusers([BURST, DAY], operations)).toEqual([null, 'burst', null])
  const two = [...[0, 10, 20].map((seconds) => [seconds, 80] as const), [30, 10] as const]
  expect(refusers([BURST, DAY], two)).toEqual([null, null, null, null])
  expect(refusers([BURST, DAY], [...two, [30, 1], [30, 0]])).toEqual([
    null,
    null,
    null,
    null,
    'day',
    null,
  ])
})

test('the estimate has to fit, and what it cost is drawn', () => {
  expect(
    refusers(
      [BURST],
      [
        [0, 10, 100],
        [0, 10, 91],
        [0, 10, 90],
      ],
    ),
  ).toEqual([null, 'burst', null])
})

test('above the ceiling nothing helps', () => {
  expect(refusers([BURST], [[0, 1, 101]])).toEqual(['ceiling'])
})

test('each subject has its own', () => {
  const replay = createLimitReplay()
  const operation = { atMs: NOON_MS, points: 100, estimated: 100 }
  const ofBen = { ...BURST, subject: 'ben' }
  expect(replay.run({ claims: [BURST], ceiling: 100 }, operation)).toBeNull()
  expect(replay.run({ claims: [ofBen], ceiling: 100 }, operation)).toBeNull()
  expect(replay.run({ claims: [BURST], ceiling: 100 }, operation)).toBe('burst')
})
