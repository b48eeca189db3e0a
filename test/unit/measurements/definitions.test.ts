import { degreeMeasurements, measurements } from '@freesewing/config'
import { expect, test } from 'vitest'
import {
  MEASUREMENTS,
  MEASUREMENT_NAMES,
  isMeasurementName,
  measuredBits,
} from '../../../src/measurements/definitions.ts'

test('the measurements are those of the pattern engine, in their stored order', () => {
  expect(MEASUREMENT_NAMES).toHaveLength(38)
  expect(MEASUREMENT_NAMES).toEqual(measurements)
})

test('only what the pattern engine takes for an angle is one', () => {
  const angles = MEASUREMENT_NAMES.filter((name) => MEASUREMENTS[name].unit === 'DEG')
  expect(angles).toEqual(degreeMeasurements)
})

test('every description is a sentence of its own', () => {
  const descriptions = MEASUREMENT_NAMES.map((name) => MEASUREMENTS[name].description)
  expect(new Set(descriptions).size).toBe(38)
  expect(descriptions.every((text) => /^[A-Z].*\.$/.test(text))).toBe(true)
})

test('the first name is bit 0 and the last is bit 37', () => {
  expect(measuredBits({})).toBe(0n)
  expect(measuredBits({ ankle: 240 })).toBe(1n)
  expect(measuredBits({ wrist: 160, biceps: 280 })).toBe((1n << 37n) | 2n)
})

test('names that every object inherits are no measurements', () => {
  expect(['constructor', '__proto__', 'toString', 'Chest'].some(isMeasurementName)).toBe(false)
})
