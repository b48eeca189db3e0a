import fc from 'fast-check'
import { expect, test } from 'vitest'

import { type Charged, chargeFor } from '../../../src/gateway/charges.ts'

const STAGES = ['waiting', 'sent', 'finished'] as const

test.each<Charged & { readonly charge: number }>([
  { stage: 'finished', isAbandoned: false, estimated: 50, actual: 20, charge: 20 },
  { stage: 'finished', isAbandoned: true, estimated: 50, actual: 20, charge: 20 },
  { stage: 'finished', isAbandoned: false, estimated: 50, actual: 51, charge: 50 },
  { stage: 'sent', isAbandoned: false, estimated: 50, actual: 20, charge: 50 },
  { stage: 'sent', isAbandoned: true, estimated: 50, actual: 20, charge: 50 },
  { stage: 'waiting', isAbandoned: true, estimated: 50, actual: 20, charge: 1 },
  { stage: 'waiting', isAbandoned: false, estimated: 50, actual: 20, charge: 0 },
  { stage: 'waiting', isAbandoned: false, refusedActs: 2, estimated: 50, actual: 20, charge: 2 },
  { stage: 'waiting', isAbandoned: true, refusedActs: 2, estimated: 1, actual: 1, charge: 1 },
])(
  'of $estimated points, of which $actual were counted, a statement that is $stage costs $charge (client gone: $isAbandoned)',
  ({ charge, ...charged }) => {
    expect(chargeFor(charged)).toBe(charge)
  },
)

test('a charge is whole points and never above the estimate', () => {
  const points = fc.integer({ min: 1, max: 2_147_483_647 })
  fc.assert(
    fc.property(
      fc.record({
        stage: fc.constantFrom(...STAGES),
        isAbandoned: fc.boolean(),
        refusedActs: fc.nat(),
        estimated: points,
        actual: points,
      }),
      (charged) => {
        const charge = chargeFor(charged)
        expect(Number.isInteger(charge)).toBe(true)
        expect(charge).toBeGreaterThanOrEqual(0)
        expect(charge).toBeLessThanOrEqual(charged.estimated)
      },
    ),
  )
})
