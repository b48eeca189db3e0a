import { describe, expect, test } from 'vitest'
import { MEASUREMENT_NAMES } from '../../../../src/measurements/definitions.ts'
import type { LengthUnitName } from '../../../../src/measurements/units.ts'
import {
  measurementsJson,
  measurementValues,
} from '../../../../src/schema/measurement-set/measurements.ts'

const MM = { unit: 'MM', names: null } as const

function texts(...sets: readonly object[]): string[] {
  return sets.map((set) => JSON.stringify(set))
}

function valuesByName(sets: readonly string[], choice: Parameters<typeof measurementValues>[1]) {
  return JSON.parse(measurementsJson(measurementValues(sets, choice)))
}

test.each(['MM', 'CM', 'INCH'] as const)('the slope of a shoulder is degrees in %s', (unit) => {
  expect(measurementValues(texts({ shoulderSlope: 13 }), { unit, names: null })).toEqual([
    { name: 'shoulderSlope', value: 13, unit: 'DEG', inherited: false },
  ])
})

describe('the values of a set', () => {
  test('come in the order of their bits, whatever the order stored', () => {
    const stored = Object.fromEntries(MEASUREMENT_NAMES.toReversed().map((name, i) => [name, i]))
    const names = measurementValues(texts(stored), MM).map(({ name }) => name)
    expect(names).toEqual(MEASUREMENT_NAMES)
  })

  test('are those of the nearest base set where the set has none', () => {
    const sets = texts({ waist: 690 }, { waist: 700, chest: 900 }, { chest: 910, hips: 1000 })
    expect(measurementValues(sets, MM)).toEqual([
      { name: 'chest', value: 900, unit: 'MM', inherited: true },
      { name: 'hips', value: 1000, unit: 'MM', inherited: true },
      { name: 'waist', value: 690, unit: 'MM', inherited: false },
    ])
  })

  test('are only those whose names are asked for, inherited ones too', () => {
    const sets = texts({ waist: 690 }, { chest: 900, hips: 1000 })
    expect(valuesByName(sets, { unit: 'MM', names: ['hips', 'waist', 'knee'] })).toEqual({
      hips: 1000,
      waist: 690,
    })
    expect(valuesByName(sets, { unit: 'MM', names: [] })).toEqual({})
  })

  test('are converted once, the angle never', () => {
    const sets = texts({ chest: 254, shoulderSlope: 25.4 }, { waist: 508 })
    const inUnit = (unit: LengthUnitName) => valuesByName(sets, { unit, names: null })
    expect(inUnit('INCH')).toEqual({ chest: 10, shoulderSlope: 25.4, waist: 20 })
    expect(inUnit('CM')).toEqual({ chest: 25.4, shoulderSlope: 25.4, waist: 50.8 })
  })

  test('are none where nothing is stored', () => {
    expect(measurementValues(['null', 'null'], MM)).toEqual([])
    expect(valuesByName(['{}'], MM)).toEqual({})
  })
})
