import { expect, test } from 'vitest'

import { createInFlight, shareOf } from '../../../src/quota/in-flight.ts'

test('as many operations run at the same time as are allowed, and no more', () => {
  const inFlight = createInFlight()
  const entered = Array.from({ length: 4 }, () => inFlight.enter('account', 3))
  expect(entered).toEqual([true, true, true, false])
})

test('one that has ended makes room for another one, and one that was not let in does not', () => {
  const inFlight = createInFlight()
  inFlight.enter('account', 2)
  inFlight.enter('account', 2)
  expect(inFlight.enter('account', 2)).toBe(false)
  inFlight.leave('account')
  expect(inFlight.enter('account', 2)).toBe(true)
  expect(inFlight.enter('account', 2)).toBe(false)
})

test('subjects do not stand in each other’s way', () => {
  const inFlight = createInFlight()
  inFlight.enter('account', 1)
  expect(inFlight.enter('address', 1)).toBe(true)
})

test('a lower limit lets nothing in until enough have ended', () => {
  const inFlight = createInFlight()
  for (let n = 0; n < 3; n += 1) inFlight.enter('account', 3)
  inFlight.leave('account')
  expect(inFlight.enter('account', 2)).toBe(false)
  inFlight.leave('account')
  expect(inFlight.enter('account', 2)).toBe(true)
})

test('leaving more often than entering allows nothing more', () => {
  const inFlight = createInFlight()
  inFlight.enter('account', 1)
  inFlight.leave('account')
  inFlight.leave('account')
  inFlight.enter('account', 1)
  expect(inFlight.enter('account', 1)).toBe(false)
  expect(inFlight.total).toBe(1)
})

test('all that run are counted together, and none that was not let in', () => {
  const inFlight = createInFlight()
  for (const subject of ['ada', 'ada', 'ada', 'ben']) inFlight.enter(subject, 2)
  expect(inFlight.total).toBe(3)
  for (const subject of ['ada', 'ada', 'ben']) inFlight.leave(subject)
  expect(inFlight.total).toBe(0)
})

test.each([
  [8, 1, 8],
  [8, 3, 3],
  [8, 9, 1],
  [8, 0, 8],
])(
  'a limit of %d over %d gateways is %d at each: rounded up, and never none',
  (limit, gateways, share) => {
    expect(shareOf(limit, gateways)).toBe(share)
  },
)
