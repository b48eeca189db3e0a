import { expect, test } from 'vitest'

import { FORFEIT_MS, Lease, LEASE_LIFE_MS } from '../../../src/quota/lease.ts'

const OPERATION_MS_MAX = 5_000

function leaseOf(points: number): Lease {
  return new Lease({ kind: 'granted', id: 'lease', points, levels: [], takenAtUs: 1 }, 1000)
}

test('a lease promises all of its points, and not one more', () => {
  const lease = leaseOf(10)
  expect([lease.take(4), lease.take(7), lease.take(6), lease.take(1)]).toEqual([
    true,
    false,
    true,
    false,
  ])
})

test.each([0, -5, Number.NaN])('what is no point is not promised: %d', (points) => {
  const lease = leaseOf(10)
  expect(lease.take(points)).toBe(false)
  expect(lease).toMatchObject({ free: 10, isBusy: false })
})

test('what is promised counts as spent until its operation has ended', () => {
  const lease = leaseOf(10)
  lease.take(4)
  lease.take(3)
  expect(lease).toMatchObject({ free: 3, spent: 7, isBusy: true })
  lease.giveBack(2)
  lease.end()
  expect(lease).toMatchObject({ free: 5, spent: 5, isBusy: true })
  lease.giveBack(3)
  expect(lease).toMatchObject({ free: 8, spent: 2, isBusy: true })
  lease.end()
  expect(lease).toMatchObject({ free: 8, spent: 2, isBusy: false })
})

test('a retired lease promises nothing', () => {
  const lease = leaseOf(10)
  lease.retire()
  expect(lease.take(1)).toBe(false)
})

test('a lease ends, and may be forfeited, counted from when it was asked for', () => {
  const lease = leaseOf(10)
  expect([lease.hasEnded(2999), lease.hasEnded(3000)]).toEqual([false, true])
  expect([lease.isForfeit(9999), lease.isForfeit(10_000)]).toEqual([false, true])
})

test('an operation that begins with the last moment of a lease ends before that is forfeited', () => {
  expect(LEASE_LIFE_MS + OPERATION_MS_MAX).toBeLessThan(FORFEIT_MS)
})
