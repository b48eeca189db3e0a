import fc from 'fast-check'
import { expect, test } from 'vitest'

import type { Claim } from '../../../src/quota/store.ts'
import { postgresBudgets } from '../../support/postgres-budgets.ts'
import { type Counters, DAY_MS } from '../../support/quota-under-test.ts'
import { anyCourse, QuotaWorld } from '../../support/quota-world.ts'
import { testDatabase } from '../../support/test-database.ts'

const postgres = postgresBudgets(await testDatabase())

const NOTHING: Counters = { reserved: 0, refunded: 0, forfeited: 0 }

/** What was granted for good or is held, of each budget that was drawn on. */
async function countersOf(world: QuotaWorld): Promise<readonly Counters[]> {
  return Promise.all(world.budgets.map(async (own) => (await postgres.counters(own)) ?? NOTHING))
}

/** The most that can have been granted since the beginning. */
function mostOf({ budget }: Claim, elapsedMs: number): number {
  if (budget.kind === 'bucket') {
    return budget.capacity + (budget.restorePerSecond * elapsedMs) / 1000
  }
  const windows = Math.floor(Date.now() / DAY_MS) - Math.floor((Date.now() - elapsedMs) / DAY_MS)
  return budget.capacity * (1 + windows)
}

async function expectNothingOversold(world: QuotaWorld): Promise<void> {
  const counted = await countersOf(world)
  for (const [place, { reserved, refunded }] of counted.entries()) {
    const own = world.budgets[place]
    if (own === undefined) continue
    expect(reserved - refunded).toBeLessThanOrEqual(mostOf(own, world.elapsedMs))
  }
}

test('gateways that share a store never sell more than there is, and account for every point', async () => {
  await fc.assert(
    fc.asyncProperty(anyCourse, async (course) => {
      await postgres.empty()
      const world = new QuotaWorld(postgres)
      for (let start = 0; start < course.length; start += 20) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        await world.run(course.slice(start, start + 20))
        // oxlint-disable-next-line no-await-in-loop -- as they stand then
        await expectNothingOversold(world)
      }
      await world.end()
      await expectNothingOversold(world)
      const counted = await countersOf(world)
      const everybodys = counted.at(-1) ?? NOTHING
      // Each principal has two budgets of his own, and whatever one of them grants, the other and everybody's grant too.
      for (const name of ['reserved', 'refunded', 'forfeited'] as const) {
        const own = counted.slice(0, -1).map((each) => each[name])
        expect(own.filter((_, n) => n % 2 === 0)).toEqual(own.filter((_, n) => n % 2 === 1))
        expect(own.reduce((sum, amount) => sum + amount, 0)).toBe(2 * everybodys[name])
      }
      const debits = everybodys.reserved - everybodys.refunded
      expect(world.charged).toBeLessThanOrEqual(debits)
      expect(world.charged).toBeGreaterThanOrEqual(debits - everybodys.forfeited)
    }),
    { numRuns: 25, endOnFailure: true },
  )
}, 120_000)
