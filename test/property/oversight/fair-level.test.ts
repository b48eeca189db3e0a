import fc from 'fast-check'
import { expect, test } from 'vitest'

import { fairLevel } from '../../../src/oversight/bill/fair-level.ts'

const money = fc.double({ min: 0, max: 1000, noNaN: true })
const sharers = fc.array(
  fc.tuple(money, money).map(([used, more]) => ({ used, wanted: used + more })),
  { minLength: 1, maxLength: 40 },
)

/** What each has in the end. */
function parts(all: readonly { used: number; wanted: number }[], level: number): readonly number[] {
  return all.map(({ used, wanted }) => Math.min(wanted, Math.max(used, level)))
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

test('everybody has all he wants where there is enough', () => {
  fc.assert(
    fc.property(sharers, money, (all, more) => {
      const wanted = sumOf(all.map((each) => each.wanted))
      expect(fairLevel(all, wanted + more)).toBe(Infinity)
    }),
  )
})

test('where there is not, the whole amount is given, and nobody who lacks something has less than another could spare', () => {
  fc.assert(
    fc.property(sharers, fc.double({ min: 0, max: 0.999, noNaN: true }), (all, share) => {
      const used = sumOf(all.map((each) => each.used))
      const wanted = sumOf(all.map((each) => each.wanted))
      const amount = used + (wanted - used) * share
      fc.pre(amount > used && wanted - amount > 1e-6)
      const level = fairLevel(all, amount)
      const given = parts(all, level)
      expect(sumOf(given)).toBeCloseTo(amount, 5)
      for (const [place, { used: own, wanted: wish }] of all.entries()) {
        const part = given[place] ?? 0
        // Whoever lacks something has the level; whoever has more than the level used it before.
        expect(part).toBeGreaterThanOrEqual(Math.min(wish, level))
        expect(part).toBeLessThanOrEqual(Math.max(own, level))
      }
    }),
  )
})

test('where more than the amount was used already, the level is everybody’s equal part', () => {
  fc.assert(
    fc.property(sharers, fc.double({ min: -10, max: 1, noNaN: true }), (all, share) => {
      const used = sumOf(all.map((each) => each.used))
      const amount = used * share
      fc.pre(sumOf(all.map((each) => each.wanted)) > amount)
      expect(fairLevel(all, amount)).toBeCloseTo(Math.max(0, amount) / all.length, 6)
    }),
  )
})

test('more for all is never a lower level', () => {
  fc.assert(
    fc.property(sharers, money, money, (all, amount, more) => {
      const used = sumOf(all.map((each) => each.used))
      const low = fairLevel(all, used + 1e-6 + amount)
      expect(fairLevel(all, used + 1e-6 + amount + more)).toBeGreaterThanOrEqual(low - 1e-6)
    }),
  )
})
