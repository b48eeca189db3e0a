import { expect, test } from 'vitest'
import { boundsProblem } from '../../../src/measurements/bounds.ts'

test.each([0.000001, 1, 9_999.9, 10_000])('a length of %d mm is within bounds', (length) => {
  expect(boundsProblem('chest', length)).toBeNull()
})

test.each([0, -1, 10_000.1, Infinity, Number.NaN])('a length of %d mm is not', (length) => {
  expect(boundsProblem('chest', length)).toBe(
    'chest is more than 0 and at most 10000 mm, which are 1000 cm or 393.7 in.',
  )
})

test.each([0, 13.5, 90])('a slope of %d degrees is within bounds', (slope) => {
  expect(boundsProblem('shoulderSlope', slope)).toBeNull()
})

test.each([-0.1, 90.1, Infinity, Number.NaN])('a slope of %d degrees is not', (slope) => {
  expect(boundsProblem('shoulderSlope', slope)).toBe('shoulderSlope is from 0 to 90 degrees.')
})
