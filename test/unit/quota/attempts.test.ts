import { expect, test } from 'vitest'

import { createAttempts } from '../../../src/quota/attempts.ts'

const budget = { kind: 'bucket', capacity: 120, restorePerSecond: 2 } as const

/** Attempts of one client, and a clock in ms. */
function attemptsOf(subject: string) {
  const clock = { nowMs: 0 }
  const attempts = createAttempts(() => clock.nowMs)
  return { clock, attempts, claim: { subject, budget } }
}

test('whoever never failed may try, and has all attempts', () => {
  const { attempts, claim } = attemptsOf('192.0.2.1')
  expect(attempts.waitMs(claim)).toBe(0)
  expect(attempts.level(claim)).toEqual({
    partition: 'attempts',
    budget,
    remaining: 120,
    resetMs: 0,
  })
})

test('the last attempt may be made, and the next one waits until there is one again', () => {
  const { clock, attempts, claim } = attemptsOf('192.0.2.1')
  attempts.take(claim, 119)
  expect(attempts.waitMs(claim)).toBe(0)
  attempts.take(claim, 1)
  expect(attempts.waitMs(claim)).toBe(500)
  clock.nowMs = 499
  expect(attempts.waitMs(claim)).toBeCloseTo(1)
  clock.nowMs = 500
  expect(attempts.waitMs(claim)).toBe(0)
})

test('attempts come back at their rate, and never more than there were', () => {
  const { clock, attempts, claim } = attemptsOf('192.0.2.1')
  attempts.take(claim, 20)
  clock.nowMs = 4000
  expect(attempts.level(claim)).toMatchObject({ remaining: 108, resetMs: 6000 })
  clock.nowMs = 1_000_000
  attempts.take(claim, 1)
  expect(attempts.level(claim)).toMatchObject({ remaining: 119, resetMs: 500 })
})

test('what was taken beyond the last attempt is waited for, but never for more than a second budget', () => {
  const { clock, attempts, claim } = attemptsOf('192.0.2.1')
  attempts.take(claim, 130)
  expect(attempts.level(claim)).toMatchObject({ remaining: 0, resetMs: 65_000 })
  expect(attempts.waitMs(claim)).toBe(5500)
  for (let n = 0; n < 10; n += 1) attempts.take(claim, 100)
  expect(attempts.waitMs(claim)).toBe(60_500)
  clock.nowMs = 60_500
  expect(attempts.waitMs(claim)).toBe(0)
})

test('each subject has attempts of its own', () => {
  const { attempts, claim } = attemptsOf('192.0.2.1')
  attempts.take(claim, 200)
  expect(attempts.waitMs({ ...claim, subject: '192.0.2.2' })).toBe(0)
})

test('another budget applies at once to what was taken', () => {
  const { attempts, claim } = attemptsOf('192.0.2.1')
  attempts.take(claim, 30)
  const smaller = { ...claim, budget: { ...budget, capacity: 30, restorePerSecond: 1 } }
  expect(attempts.waitMs(smaller)).toBe(1000)
})
