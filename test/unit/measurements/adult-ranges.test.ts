import { expect, test } from 'vitest'
import { ADULT_RANGES } from '../../../src/measurements/adult-ranges.ts'
import { MEASUREMENT_NAMES } from '../../../src/measurements/definitions.ts'
import { isAngle } from '../../../src/measurements/units.ts'
import { MODELS } from '../../../src/seed/models.ts'

test('the ranges of adults are the least and the most that the twenty adult models have', () => {
  const adults = MODELS.filter(({ tags }) => tags.includes('adults'))
  expect(adults).toHaveLength(20)
  const lengths = MEASUREMENT_NAMES.filter((name) => !isAngle(name))
  const ranges = lengths.map((name) => {
    const values = adults.map(({ measurements }) => measurements[name])
    return [name, { least: Math.min(...values), most: Math.max(...values) }]
  })
  expect(ADULT_RANGES).toEqual(Object.fromEntries(ranges))
})
