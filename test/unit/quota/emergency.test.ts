import { expect, test } from 'vitest'

import { EmergencyAllowances } from '../../../src/quota/emergency.ts'
import type { Held } from '../../../src/quota/held.ts'
import type { Claim } from '../../../src/quota/store.ts'

const budget = { kind: 'bucket', capacity: 2000, restorePerSecond: 100 } as const
const own: readonly Claim[] = [{ partition: 'burst', subject: 'a', budget }]

function allowancesAt(clock: { nowMs: number }) {
  return new EmergencyAllowances(() => clock.nowMs)
}

test('what is not spent is there again in the same minute', () => {
  const allowances = allowancesAt({ nowMs: 0 })
  const reservation = allowances.reserve(own, 200)
  expect(allowances.reserve(own, 1)).toMatchObject({ kind: 'refused' })
  // Made by the allowances.
  ;(reservation as Held).settle(150)
  expect(allowances.reserve(own, 50)).toMatchObject({ kind: 'reserved', mode: 'emergency' })
  expect(allowances.reserve(own, 1)).toMatchObject({ kind: 'refused' })
})

test('what is settled after its minute has ended gives the next one nothing', () => {
  const clock = { nowMs: 0 }
  const allowances = allowancesAt(clock)
  const reservation = allowances.reserve(own, 200)
  clock.nowMs = 60_000
  allowances.reserve(own, 150)
  // Made by the allowances.
  ;(reservation as Held).settle(0)
  expect(allowances.levels(own)).toMatchObject([{ remaining: 50, resetMs: 60_000 }])
})

test('an operation that costs more than a minute holds is refused, whatever was spent', () => {
  const allowances = allowancesAt({ nowMs: 0 })
  expect(allowances.reserve(own, 201)).toMatchObject({
    kind: 'refused',
    partition: 'emergency',
    levels: [{ remaining: 200 }],
  })
})

test('a ceiling in money that the store never spoke of is closed', () => {
  const allowances = allowancesAt({ nowMs: 0 })
  const month: Claim = {
    partition: 'service-month',
    subject: 'all',
    budget: { kind: 'window', window: 'month', capacity: 10 },
  }
  expect(() => allowances.reserve([...own, month], 20)).toThrow(
    expect.objectContaining({ code: 'UNAVAILABLE' }),
  )
  const levels = [{ partition: month.partition, remaining: 10, resetMs: 1000 }]
  allowances.note({ claims: [month], levels, atMs: 0 })
  expect(allowances.reserve([...own, month], 10)).toMatchObject({ kind: 'reserved' })
})
