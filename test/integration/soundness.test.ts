import { expect, test } from 'vitest'

import { pricedCommunity } from '../support/priced-community.ts'
import { anyOperation, SATURATED_OPERATIONS } from '../support/sound-operations.ts'
import {
  breachOfSaturation,
  breachOfSoundness,
  loosenessOver,
  payFor,
} from '../support/soundness.ts'

// The same over many more operations: npm run test:soundness.
const community = await pricedCommunity()
const seed = 20_260_201
const PATIENCE = { timeout: 120_000 }

test('no operation costs more than its price, whatever there is', PATIENCE, async () => {
  const operations = anyOperation(community.cursors)
  const paid = await payFor(community, { operations, count: 200, seed }, breachOfSoundness)
  expect(paid.length).toBeGreaterThan(190)
  // And it does cost less where there is less.
  expect(loosenessOver('empty', paid).p50).toBeGreaterThan(1.2)
})

test('an operation that finds all it asks for costs its price', PATIENCE, async () => {
  const runs = { operations: SATURATED_OPERATIONS, count: 100, seed }
  const paid = await payFor(community, runs, breachOfSaturation)
  expect(paid.length).toBeGreaterThan(95)
  expect(paid.some(({ estimated }) => estimated > 200)).toBe(true)
})
