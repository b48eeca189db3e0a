import { describe, expect, test } from 'vitest'
import {
  convertLength,
  fromStored,
  isAngle,
  isLengthUnit,
  toMm,
  toStored,
} from '../../../src/measurements/units.ts'
import { MEASUREMENT_NAMES } from '../../../src/measurements/definitions.ts'

describe('a length', () => {
  test.each([
    [914.4, 'MM', 914.4],
    [914.4, 'CM', 91.44],
    [914.4, 'INCH', 36],
    [25.4, 'INCH', 1],
    [1, 'INCH', 0.03937],
    [10_000, 'INCH', 393.700787],
    [0.1, 'CM', 0.01],
  ] as const)('of %d mm is, in %s, %d', (mm, unit, value) => {
    expect(convertLength(mm, unit)).toBe(value)
  })

  test('loses the noise of the division: 1.3 in come back as 1.3', () => {
    expect((1.3 * 25.4) / 25.4).not.toBe(1.3)
    expect(convertLength(1.3 * 25.4, 'INCH')).toBe(1.3)
  })

  test('comes back within a hundred-thousandth of a millimetre', () => {
    for (let mm = 0.1; mm <= 10_000; mm += 7.3) {
      expect(Math.abs(convertLength(mm, 'INCH') * 25.4 - mm)).toBeLessThan(0.00002)
      expect(Math.abs(convertLength(mm, 'CM') * 10 - mm)).toBeLessThan(0.00002)
    }
  })

  test('is counted in MM, CM and INCH alone', () => {
    const units = ['MM', 'CM', 'INCH', 'DEG', 'mm', 'constructor', null]
    expect(units.filter(isLengthUnit)).toEqual(['MM', 'CM', 'INCH'])
  })
})

test.each([
  [914.4, 'MM', 914.4],
  [91.44, 'CM', 914.4],
  [36, 'INCH', 914.4],
  [1.1, 'INCH', 27.94],
  [0.00000004, 'INCH', 0.000001],
  [914.40000004, 'MM', 914.4],
] as const)('a length of %d %s is stored as %d mm', (length, unit, mm) => {
  expect(toMm(length, unit)).toBe(mm)
  expect(toStored('chest', length, unit)).toBe(mm)
})

test.each(['MM', 'CM', 'INCH'] as const)('the slope of a shoulder is degrees in %s', (unit) => {
  expect(MEASUREMENT_NAMES.filter(isAngle)).toEqual(['shoulderSlope'])
  expect(toStored('shoulderSlope', 13, unit)).toBe(13)
  expect(fromStored('shoulderSlope', 13, unit)).toBe(13)
})

test.each(['MM', 'CM', 'INCH'] as const)(
  'what has six digits behind the point in %s comes back as it was',
  (unit) => {
    for (let length = 0.123457; length < 390; length += 0.654321) {
      const written = Number(length.toFixed(6))
      expect(fromStored('chest', toStored('chest', written, unit), unit)).toBe(written)
    }
  },
)
