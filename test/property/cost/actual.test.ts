import fc from 'fast-check'
import { expect, test } from 'vitest'

import { points } from '../../../src/cost/points.ts'
import { Choices } from '../../support/choices.ts'
import { type PricedCase, pricedCases } from '../../support/priced-cases.ts'
import { SIGNED, UNSIGNED } from '../../support/random-priced-schema.ts'
import { type Fate, simulateAnswer } from '../../support/simulated-answer.ts'

const SIZES = [0, 1, 3]
const unsigned = pricedCases({ weights: UNSIGNED, types: 'mixed' }, SIZES)
const signed = pricedCases({ weights: SIGNED, types: 'mixed' }, SIZES)

/** Shapes of data: nothing there, everything full, now much and now little. */
const FATES: Readonly<Record<string, (choices: Choices) => Fate>> = {
  empty: () => ({ items: () => 0, type: firstOf }),
  full: (choices) => ({ items: (atMost) => atMost, type: (types) => choices.oneOf(types) }),
  skewed: (choices) => ({
    items: (atMost) => (choices.rarely(3) ? atMost : choices.choose(Math.min(2, atMost + 1))),
    type: (types) => choices.oneOf(types),
  }),
}

const SHAPES = ['empty', 'full', 'skewed', 'skewed', 'skewed', 'skewed', 'skewed', 'skewed']
const fates = fc
  .tuple(fc.constantFrom('empty', 'full', 'skewed', 'skewed'), fc.nat())
  .map(([name, seed]) => fateOf(name, seed))

test('an answer never costs more than the estimate, whatever the data looks like', () => {
  fc.assert(
    fc.property(signed, fc.nat(), (given, seed) => {
      const estimate = given.compile(given.document).estimate(given.variables)
      for (const [index, name] of SHAPES.entries()) {
        const { cost } = simulate(given, fateOf(name, seed + index))
        expect(cost.typeCost).toBeLessThanOrEqual(estimate.typeCost)
        expect(cost.fieldCost).toBeLessThanOrEqual(estimate.fieldCost)
      }
    }),
    { numRuns: 1250 },
  )
})

test('the actual cost is what the objects and calls of the answer cost one by one', () => {
  fc.assert(
    fc.property(unsigned, fates, (given, fate) => {
      const { cost, counts } = simulate(given, fate)
      expect(actual(given, counts)).toBe(points(cost))
    }),
    { numRuns: 500 },
  )
})

test('the actual cost lies between the answer and the estimate, whatever is counted', () => {
  fc.assert(
    fc.property(signed, fates, fc.nat(), (given, fate, seed) => {
      const { cost, counts } = simulate(given, fate)
      const labels = Choices.seeded(seed).some([...counts.keys()], 2)
      const some = new Map(labels.map((label) => [label, counts.get(label) ?? 0]))
      const charged = actual(given, some)
      expect(charged).toBeGreaterThanOrEqual(points(cost))
      const estimated = given.compile(given.document).estimatePoints(given.variables)
      expect(charged).toBeLessThanOrEqual(estimated)
    }),
    { numRuns: 500 },
  )
})

test('a full answer costs the estimate where no position holds objects of several types', () => {
  const single = pricedCases({ weights: UNSIGNED, types: 'single' }, SIZES)
  fc.assert(
    fc.property(single, (given) => {
      const { cost } = simulate(given, fateOf('full', 0))
      expect(cost).toEqual(given.compile(given.document).estimate(given.variables))
    }),
    { numRuns: 300 },
  )
})

test('no path costs more than was estimated for it', () => {
  fc.assert(
    fc.property(signed, fates, (given, fate) => {
      const { counts } = simulate(given, fate)
      const run = {
        counted: [...counts.keys()],
        counts: [...counts.values()],
        variables: given.variables,
      }
      for (const path of given.compile(given.document).explainActual(run, 100)) {
        expect(path.actual).toBeLessThanOrEqual(path.estimated)
      }
    }),
    { numRuns: 200 },
  )
})

function simulate(given: PricedCase, fate: Fate) {
  return simulateAnswer(given.schema, given, fate)
}

function actual(given: PricedCase, counts: ReadonlyMap<string, number>): number {
  const { document, variables, compile } = given
  const charge = compile(document).bindCounts([...counts.keys()], variables)
  return charge([...counts.values()], variables)
}

function fateOf(name: string, seed: number): Fate {
  const make = FATES[name]
  if (make === undefined) throw new Error(`There is no ${name}.`)
  return make(Choices.seeded(seed))
}

function firstOf<T>(items: readonly T[]): T {
  return new Choices(() => 0).oneOf(items)
}
