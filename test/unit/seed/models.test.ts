import { readFileSync } from 'node:fs'
import * as packaged from '@freesewing/models'
import { expect, test } from 'vitest'
import { makeModels } from '../../../db/seed/make-models.ts'
import { MEASUREMENT_NAMES } from '../../../src/measurements/definitions.ts'

const models: ReturnType<typeof makeModels> = JSON.parse(
  readFileSync(new URL('../../../db/seed/models.json', import.meta.url), 'utf8'),
)

test('the committed models are what the packages hold today', () => {
  expect(models).toEqual(makeModels())
})

test('there are 40 models, each with a name of its own and all 38 measurements above 0', () => {
  expect(models).toHaveLength(40)
  expect(new Set(models.map(({ name }) => name)).size).toBe(40)
  for (const { measurements } of models) {
    expect(Object.keys(measurements)).toEqual(MEASUREMENT_NAMES)
    expect(Object.values(measurements).every((value) => value > 0 && value <= 10_000)).toBe(true)
  }
})

test('names and tags are those that the community knows', () => {
  const model = models.find(({ name }) => name === 'Cis-Female Adult - Size 34 (EU)')
  expect(model?.tags).toEqual(['cis-female', 'adults', 'eu'])
  expect(model?.measurements).toEqual(packaged.adult.cisFemale['34'])
})

test('a doll is its adult in small, except for the slope of its shoulders', () => {
  const doll = models.find(({ name }) => name === 'Cis-Male Doll - 10% of adult size')
  const adult = models.find(({ name }) => name === 'Cis-Male Adult - Size 38 (EU)')
  for (const name of MEASUREMENT_NAMES) {
    const factor = name === 'shoulderSlope' ? 1 : 0.1
    expect(doll?.measurements[name]).toBeCloseTo((adult?.measurements[name] ?? NaN) * factor)
  }
})
