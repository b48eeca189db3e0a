import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type LengthName, lengthsOf } from '../../../src/measurements/adult-ranges.ts'
import type { Measurements } from '../../../src/measurements/definitions.ts'
import { warningsFor } from '../../../src/measurements/plausibility.ts'
import { convertLength } from '../../../src/measurements/units.ts'
import { MODELS } from '../../../src/seed/models.ts'

const ADULTS = MODELS.filter(({ tags }) => tags.includes('adults')).map(
  (model) => model.measurements,
)
const LENGTHS = lengthsOf(ADULTS[0] ?? {}).map(({ name }) => name)

const adults = fc.constantFrom(...ADULTS)
/** Dolls, people and giants: no size between a tenth and three times ours is strange. */
const sizes = fc.double({ min: 0.1, max: 3, noNaN: true })
/** At least ten lengths of a body of some size. */
const bodies = fc
  .tuple(adults, sizes, fc.subarray(LENGTHS, { minLength: 10 }))
  .map(([adult, size, names]) => scaled(adult, size, names))
const mixUps = fc.constantFrom(10, 1 / 10, 2.54, 1 / 2.54, 25.4, 1 / 25.4)

test('any part of an adult set is plausible', () => {
  fc.assert(
    fc.property(adults, fc.subarray(LENGTHS, { minLength: 10 }), (adult, names) => {
      expect(warningsFor(scaled(adult, 1, names))).toEqual([])
    }),
  )
})

test.each([
  ['CM', 'LOOKS_LIKE_CM'],
  ['INCH', 'LOOKS_LIKE_INCH'],
] as const)(
  'any part of an adult set in %s that is read as millimetres is warned about',
  (unit, code) => {
    fc.assert(
      fc.property(adults, fc.subarray(LENGTHS, { minLength: 1 }), (adult, names) => {
        const perMm = convertLength(1_000_000, unit) / 1_000_000
        const warnings = warningsFor(scaled(adult, perMm, names))
        expect(warnings[0]).toMatchObject({ code, measurements: names })
      }),
    )
  },
)

test('in a body of any size, one value in another unit is warned about, and it alone', () => {
  fc.assert(
    fc.property(bodies, fc.nat(), mixUps, (body, at, times) => {
      const { name, mm } = lengthsOf(body)[at % lengthsOf(body).length] ?? { name: 'neck', mm: 0 }
      const warnings = warningsFor({ ...body, [name]: mm * times })
      const said = warnings.filter(({ code }) => code.startsWith('VALUE_'))
      expect(said).toHaveLength(1)
      expect(said[0]?.code).toMatch(/^VALUE_LOOKS_LIKE_/)
      expect(said[0]?.measurements).toEqual([name])
    }),
    { numRuns: 2000 },
  )
})

function scaled(adult: Measurements, size: number, names: readonly LengthName[]): Measurements {
  return Object.fromEntries(names.map((name) => [name, (adult[name] ?? Number.NaN) * size]))
}
