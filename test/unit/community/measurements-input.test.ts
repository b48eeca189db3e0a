import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  checkMeasurements,
  type GivenMeasurements,
  measurementsSchema,
  mergedMeasurements,
  storedChanges,
  WHATEVER_ELSE,
  withChanges,
} from '../../../src/community/measurement-sets/measurements-input.ts'
import { MEASUREMENT_NAMES } from '../../../src/measurements/definitions.ts'

const schema = z
  .object({
    name: z.string().optional(),
    unit: z.enum(['MM', 'CM', 'INCH']).nullish(),
    measurements: measurementsSchema.nullish(),
  })
  .superRefine(checkMeasurements, WHATEVER_ELSE)

/** Where and why the input is refused. */
function refusals(input: object): readonly (readonly [string, string])[] {
  const { error } = schema.safeParse(input)
  return (error?.issues ?? []).map(({ path, message }) => [path.join('.'), message])
}

describe('measurements are accepted', () => {
  test.each<GivenMeasurements>([
    {},
    { measurements: null },
    { measurements: {} },
    { measurements: { chest: null } },
    { unit: 'CM', measurements: { chest: 92, shoulderSlope: 0 } },
    { unit: 'INCH', measurements: { chest: 393.7 } },
    { unit: 'MM', measurements: Object.fromEntries(MEASUREMENT_NAMES.map((name) => [name, 50])) },
  ])('%o', (input) => {
    expect(refusals(input)).toEqual([])
  })
})

describe('measurements are refused', () => {
  test.each<[string, unknown, string]>([
    ['chest', 0, 'chest is more than 0 and at most 10000 mm, which are 1000 cm or 393.7 in.'],
    ['chest', 1000.1, 'chest is more than 0 and at most 10000 mm, which are 1000 cm or 393.7 in.'],
    ['chest', 1e-9, 'chest is more than 0 and at most 10000 mm, which are 1000 cm or 393.7 in.'],
    ['shoulderSlope', 90.1, 'shoulderSlope is from 0 to 90 degrees.'],
    ['chest', '92', 'chest is a number, or null where it is taken away.'],
    ['chest', Number.NaN, 'chest is a number, or null where it is taken away.'],
    ['chest', [92], 'chest is a number, or null where it is taken away.'],
    ['Chest', 92, 'There is no such measurement. Did you mean chest?'],
    ['wiast', null, 'There is no such measurement. Did you mean waist?'],
    ['__proto__', 1, expect.stringContaining('There is no such measurement.')],
    ['x'.repeat(100_000), 1, expect.stringContaining('There is no such measurement.')],
  ])('%.20s: %o', (name, value, message) => {
    const measurements = Object.fromEntries([[name, value]])
    expect(refusals({ unit: 'CM', measurements })).toEqual([[`measurements.${name}`, message]])
  })

  test.each([[[]], ['chest'], [3], [true]])('that are no object: %j', (measurements) => {
    expect(refusals({ unit: 'CM', measurements })).toContainEqual([
      'measurements',
      expect.any(String),
    ])
  })

  test('without a unit, beside whatever else is wrong', () => {
    const wrong = refusals({ name: 3, measurements: { chest: 92, chst: 92, hips: -1 } })
    expect(wrong.map(([path]) => path)).toEqual([
      'name',
      'unit',
      'measurements.chst',
      'measurements.hips',
    ])
  })

  test('once, where there are more than twice as many as there are names', () => {
    const most = 2 * MEASUREMENT_NAMES.length
    expect(refusals({ measurements: many(most) })).toHaveLength(most)
    expect(refusals({ measurements: many(most + 1) })).toEqual([
      ['measurements', expect.stringContaining(`There are ${MEASUREMENT_NAMES.length}`)],
    ])
  })
})

/** So many names that there are not. */
function many(count: number): Readonly<Record<string, null>> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${i}`, null]))
}

test('stored are millimetres of any unit, degrees as they are, and null for what goes', () => {
  const measurements = { chest: 36, shoulderSlope: 13.5, waist: null }
  expect(storedChanges({ unit: 'INCH', measurements })).toEqual({
    chest: 914.4,
    shoulderSlope: 13.5,
    waist: null,
  })
  expect(storedChanges({ measurements: null })).toEqual({})
})

test('changes add, replace and take away, in the order of the names, and leave the rest', () => {
  const present = { waist: 700, chest: 900, ankle: 230 }
  const changed = withChanges(present, { biceps: 300, chest: 910, waist: null, hips: null })
  expect(Object.entries(changed)).toEqual([
    ['ankle', 230],
    ['biceps', 300],
    ['chest', 910],
  ])
  expect(present).toEqual({ waist: 700, chest: 900, ankle: 230 })
})

test('a slope of 0 is a value: it is stored, kept and inherited', () => {
  const changes = storedChanges({ unit: 'CM', measurements: { shoulderSlope: 0 } })
  const own = withChanges({ shoulderSlope: 13 }, changes)
  expect(own).toEqual({ shoulderSlope: 0 })
  expect(mergedMeasurements([{}, own, { shoulderSlope: 20 }])).toEqual({ shoulderSlope: 0 })
})

test('merged, the nearest set that has a value gives it', () => {
  const merged = mergedMeasurements([{ chest: 1 }, { chest: 2, waist: 2 }, { waist: 3, hips: 3 }])
  expect(merged).toEqual({ chest: 1, waist: 2, hips: 3 })
  expect(mergedMeasurements([])).toEqual({})
})
