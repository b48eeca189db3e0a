import { expect, test } from 'vitest'

import { resetTime } from '../../../src/gateway/reset-time.ts'

const BUCKET = { budget: { kind: 'bucket', capacity: 100, restorePerSecond: 1 } } as const
const DAY = { budget: { kind: 'window', window: 'day', capacity: 100 } } as const
const MONTH = { budget: { kind: 'window', window: 'month', capacity: 100 } } as const

test('a bucket is full when it has waited', () => {
  const now = new Date('2026-02-01T12:00:00.250Z')
  expect(resetTime(BUCKET, 1500, now)).toBe('2026-02-01T12:00:01.750Z')
})

test.each([
  ['agrees with the store’s', '2026-02-01T23:00:00.000Z'],
  ['is a little ahead', '2026-02-01T23:00:00.017Z'],
  ['is an hour behind', '2026-02-01T22:00:00.000Z'],
])('a day ends at midnight where the gateway’s clock %s', (_clock, now) => {
  expect(resetTime(DAY, 3_600_000, new Date(now))).toBe('2026-02-02T00:00:00.000Z')
})

test('a month ends at the midnight before the next one', () => {
  const now = new Date('2026-02-26T23:59:59.900Z')
  expect(resetTime(MONTH, 2 * 86_400_000, now)).toBe('2026-03-01T00:00:00.000Z')
})
