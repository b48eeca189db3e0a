import { expect, test } from 'vitest'
import { testWriters } from '../../support/writers.ts'
import { DELETE as DELETE_SET, UPDATE as UPDATE_SET } from '../measurement-sets/documents.ts'
import { answered, madeSet } from '../measurement-sets/sets.ts'
import { REFRESH } from './documents.ts'
import { madePattern, seenPattern, storedPatterns } from './patterns.ts'

const WITHOUT_SET = { __typename: 'PatternWithoutSet', code: 'PATTERN_WITHOUT_SET' }

test('the settings hold the present measurements of the set, inherited ones included, and nothing else changes', async () => {
  const { writer } = await testWriters()
  const ada = await writer('ada')
  const base = await madeSet(ada, { unit: 'MM', measurements: { chest: 900, waist: 700 } })
  const set = await madeSet(ada, { baseSet: base.id, unit: 'MM', measurements: { hips: 950 } })
  const made = await madePattern(ada, {
    measurementSet: set.id,
    settings: { sa: 10, measurements: { chest: 1, neck: 2 } },
    data: { step: 1 },
  })
  const change = { id: base.id, version: 1, unit: 'MM', measurements: { chest: 960 } }
  await answered(ada, UPDATE_SET, change)
  const unchanged = await seenPattern(ada, made.id)
  expect(unchanged).toEqual(made)
  const { pattern } = await answered(ada, REFRESH, { id: made.id, version: 1 })
  const settings = { sa: 10, measurements: { chest: 960, hips: 950, waist: 700 } }
  expect(pattern).toEqual({ ...made, settings, version: 2 })
})

test('a pattern without a set, or whose set is gone, stays as it is', async () => {
  const { gateway, writer } = await testWriters()
  const ada = await writer('ada')
  const set = await madeSet(ada)
  const alone = await madePattern(ada)
  const left = await madePattern(ada, { measurementSet: set.id })
  await answered(ada, DELETE_SET, { id: set.id })
  const before = await storedPatterns(gateway)
  for (const { id } of [alone, left]) {
    expect(await answered(ada, REFRESH, { id, version: 1 })).toEqual(WITHOUT_SET)
  }
  expect(await storedPatterns(gateway)).toEqual(before)
})

test('a version that is not the present one comes first', async () => {
  const { writer } = await testWriters()
  const ada = await writer('ada')
  const { id } = await madePattern(ada)
  expect(await answered(ada, REFRESH, { id, version: 2 })).toMatchObject({ currentVersion: 1 })
})

test('while its set is deleted, it has the values of the set or those that it had', async () => {
  const { writer } = await testWriters()
  const ada = await writer('ada')
  for (const _ of Array.from({ length: 12 })) {
    const set = await madeSet(ada, { unit: 'MM', measurements: { waist: 700 } })
    const own = { measurements: { waist: 650 } }
    const { id } = await madePattern(ada, { measurementSet: set.id, settings: own })
    const [refreshed, deleted] = await Promise.all([
      answered(ada, REFRESH, { id, version: 1 }),
      answered(ada, DELETE_SET, { id: set.id }),
    ])
    expect(deleted).toMatchObject({ id: set.id })
    const isFresh = refreshed.pattern !== undefined
    expect(isFresh || refreshed.code).toBe(isFresh || 'PATTERN_WITHOUT_SET')
    expect(await seenPattern(ada, id)).toMatchObject({
      measurementSet: null,
      settings: isFresh ? { measurements: { waist: 700 } } : own,
      version: isFresh ? 2 : 1,
    })
  }
})
