import fc from 'fast-check'
import { expect, test } from 'vitest'

import type { Claim } from '../../src/quota/store.ts'
import { type Counters, DAY_MS, type QuotaUnderTest } from './quota-under-test.ts'
import { anyCourse, QuotaWorld } from './quota-world.ts'

const NOTHING: Counters = { reserved: 0, refunded: 0, forfeited: 0 }

/** What holds for gateways that draw on this store in leases, whatever happens; a test of the file that calls this. */
export function quotaLaw(under: QuotaUnderTest): void {
  test('gateways that share a store never sell more than there is, and account for every point', async () => {
    await fc.assert(
      fc.asyncProperty(anyCourse, async (course) => {
        await under.empty()
        const world = new QuotaWorld(under)
        for (let start = 0; start < course.length; start += 20) {
          // oxlint-disable-next-line no-await-in-loop -- one after the other
          await world.run(course.slice(start, start + 20))
          // oxlint-disable-next-line no-await-in-loop -- as they stand then
          expect(oversold(world, await countersOf(under, world))).toEqual([])
        }
        await world.end()
        const counted = await countersOf(under, world)
        expect(oversold(world, counted)).toEqual([])
        expectEveryPointAccounted(world, counted)
      }),
      { numRuns: 25, endOnFailure: true },
    )
  }, 120_000)
}

/** What each budget that was drawn on has counted. */
async function countersOf(under: QuotaUnderTest, world: QuotaWorld): Promise<readonly Counters[]> {
  return Promise.all(world.budgets.map(async (own) => (await under.counters(own)) ?? NOTHING))
}

/** Budgets that granted more than they had. */
function oversold(world: QuotaWorld, counted: readonly Counters[]): readonly object[] {
  return world.budgets
    .map((own, place) => {
      const { reserved, refunded } = counted[place] ?? NOTHING
      return { own, granted: reserved - refunded, most: mostOf(own, world.elapsedMs) }
    })
    .filter(({ granted, most }) => granted > most)
}

/** The most that can have been granted since the beginning. */
function mostOf({ budget }: Claim, elapsedMs: number): number {
  if (budget.kind === 'bucket') {
    return budget.capacity + (budget.restorePerSecond * elapsedMs) / 1000
  }
  const windows = Math.floor(Date.now() / DAY_MS) - Math.floor((Date.now() - elapsedMs) / DAY_MS)
  return budget.capacity * (1 + windows)
}

function expectEveryPointAccounted(world: QuotaWorld, counted: readonly Counters[]): void {
  const shared = counted.at(-1) ?? NOTHING
  // Each principal has two budgets of his own; whatever one of them grants, the other and the one they share grant too.
  for (const name of ['reserved', 'refunded', 'forfeited'] as const) {
    const own = counted.slice(0, -1).map((each) => each[name])
    expect(own.filter((_, n) => n % 2 === 0)).toEqual(own.filter((_, n) => n % 2 === 1))
    expect(own.reduce((sum, amount) => sum + amount, 0)).toBe(2 * shared[name])
  }
  const debits = shared.reserved - shared.refunded
  expect(world.charged).toBeLessThanOrEqual(debits)
  expect(world.charged).toBeGreaterThanOrEqual(debits - shared.forfeited)
}
