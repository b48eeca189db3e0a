import { expect, test } from 'vitest'

import { DATA_SHAPE_NAMES } from '../support/data-shapes.ts'
import { type Paid, pricedCommunity } from '../support/priced-community.ts'
import { anyOperation, SATURATED_OPERATIONS } from '../support/sound-operations.ts'
import {
  breachOfSaturation,
  breachOfSoundness,
  loosenessOver,
  payFor,
} from '../support/soundness.ts'

const community = await pricedCommunity()

test('of 10 000 operations none costs more than its price, whatever there is', async () => {
  const runs = { operations: anyOperation(community.cursors), count: 10_000 }
  const paid = await payFor(community, runs, breachOfSoundness)
  report('any operation', paid)
  expect(paid.length).toBeGreaterThan(9_500)
})

test('of 3 000 operations that find all they ask for each costs its price', async () => {
  const runs = { operations: SATURATED_OPERATIONS, count: 3_000 }
  const paid = await payFor(community, runs, breachOfSaturation)
  report('operations that find all', paid)
  expect(paid.length).toBeGreaterThan(2_850)
})

/** Factors between a price and what was paid. */
function report(what: string, paid: readonly Paid[]): void {
  for (const shape of DATA_SHAPE_NAMES) {
    const { p50, p95 } = loosenessOver(shape, paid)
    const equal = paid.filter(({ estimated, actual }) => actual[shape] === estimated).length
    console.log(
      `${what}, ${shape} data: ${paid.length} operations, ${equal} at their price; price / cost p50 ${p50.toFixed(2)}, p95 ${p95.toFixed(2)}`,
    )
  }
}
