import { describe, expect, test } from 'vitest'
import { testWriters } from '../../support/writers.ts'
import { DELETE as DELETE_SET } from '../measurement-sets/documents.ts'
import { answered, madeSet, refusals, written } from '../measurement-sets/sets.ts'
import { UPDATE } from './documents.ts'
import { madePattern, seenPattern, storedPatterns } from './patterns.ts'

const WHOLE = {
  notes: 'wide',
  image: 'https://example.org/a.png',
  settings: { sa: 10, measurements: { chest: 900 } },
  data: { step: 1 },
}

test('what is not given stays, what is null goes, and the version is the next', async () => {
  const { gateway, writer } = await testWriters()
  const ada = await writer('ada')
  const made = await madePattern(ada, WHOLE)
  const { id } = made
  const renamed = await answered(ada, UPDATE, { id, version: 1, name: 'Other' })
  expect(renamed.pattern).toEqual({ ...made, name: 'Other', version: 2 })
  const gone = { notes: null, image: null, settings: null, data: null }
  const emptied = await answered(ada, UPDATE, { id, version: 2, ...gone })
  expect(emptied.pattern).toEqual({ ...made, ...gone, name: 'Other', version: 3 })
  const told = (await written(gateway)).map(({ action, subject }) => [action, subject])
  expect(told).toEqual([
    ['create-pattern', id],
    ['update-pattern', id],
    ['update-pattern', id],
  ])
})

test('settings and data are replaced as a whole', async () => {
  const { writer } = await testWriters()
  const ada = await writer('ada')
  const { id } = await madePattern(ada, WHOLE)
  const { pattern } = await answered(ada, UPDATE, {
    id,
    version: 1,
    settings: { paperless: true },
    data: {},
  })
  expect(pattern).toMatchObject({ settings: { paperless: true }, data: {} })
  expect(Object.keys(pattern.settings)).toEqual(['paperless'])
})

describe('a set that is given', () => {
  test('puts its values in place of those that were there, and is named from then on', async () => {
    const { writer } = await testWriters()
    const ada = await writer('ada')
    const { id } = await madePattern(ada, WHOLE)
    const set = await madeSet(ada, { unit: 'MM', measurements: { waist: 700 } })
    const { pattern } = await answered(ada, UPDATE, { id, version: 1, measurementSet: set.id })
    expect(pattern).toMatchObject({ measurementSet: { id: set.id } })
    expect(pattern.settings).toEqual({ sa: 10, measurements: { waist: 700 } })
  })

  test('yields to the measurements of settings that come with it', async () => {
    const { writer } = await testWriters()
    const ada = await writer('ada')
    const { id } = await madePattern(ada, WHOLE)
    const { id: measurementSet } = await madeSet(ada, { unit: 'MM', measurements: { waist: 700 } })
    const own = { measurements: { hips: 950 } }
    const one = { id, version: 1, measurementSet, settings: own }
    expect((await answered(ada, UPDATE, one)).pattern.settings).toEqual(own)
    const two = { id, version: 2, measurementSet, settings: { sa: 5 } }
    expect((await answered(ada, UPDATE, two)).pattern.settings).toEqual({
      sa: 5,
      measurements: { waist: 700 },
    })
  })

  test('is let go by null, and its values stay', async () => {
    const { writer } = await testWriters()
    const ada = await writer('ada')
    const set = await madeSet(ada, { unit: 'MM', measurements: { waist: 700 } })
    const { id, settings } = await madePattern(ada, { measurementSet: set.id })
    const { pattern } = await answered(ada, UPDATE, { id, version: 1, measurementSet: null })
    expect(pattern).toMatchObject({ measurementSet: null, settings })
  })

  test('is one that may be read: all else that is wrong is told beside it, and nothing changes', async () => {
    const { gateway, writer } = await testWriters()
    const [ada, ben] = [await writer('ada'), await writer('ben')]
    const { id } = await madePattern(ada, WHOLE)
    const { id: foreign } = await madeSet(ben)
    const before = await storedPatterns(gateway)
    for (const measurementSet of [foreign, 'set_x', id]) {
      const input = { id, version: 0, name: '', data: 1, measurementSet }
      const told = await refusals(ada, UPDATE, input)
      expect(told.map(([path]) => path)).toEqual(['name', 'data', 'version', 'measurementSet'])
    }
    expect(await storedPatterns(gateway)).toEqual(before)
  })
})

test('a pattern survives its set: its measurements stay', async () => {
  const { writer } = await testWriters()
  const ada = await writer('ada')
  const set = await madeSet(ada, { unit: 'MM', measurements: { waist: 700 } })
  const { id, settings } = await madePattern(ada, { measurementSet: set.id })
  await answered(ada, DELETE_SET, { id: set.id })
  expect(await seenPattern(ada, id)).toMatchObject({ measurementSet: null, settings })
})

test('another version than the present one is a conflict, and nothing changes', async () => {
  const { gateway, writer } = await testWriters()
  const ada = await writer('ada')
  const { id } = await madePattern(ada, WHOLE)
  await answered(ada, UPDATE, { id, version: 1, name: 'Other' })
  const before = await storedPatterns(gateway)
  for (const version of [1, 3]) {
    expect(await answered(ada, UPDATE, { id, version, name: 'Third' })).toEqual({
      __typename: 'VersionConflict',
      code: 'VERSION_CONFLICT',
      currentVersion: 2,
    })
  }
  expect(await storedPatterns(gateway)).toEqual(before)
})

describe('of writers at once', () => {
  test('one changes the version that all have read', async () => {
    const { writer } = await testWriters()
    const ada = await writer('ada')
    const { id } = await madePattern(ada)
    const names = ['one', 'two', 'three', 'four', 'five']
    const answers = await Promise.all(
      names.map((name) => answered(ada, UPDATE, { id, version: 1, name })),
    )
    const won = answers.findIndex(({ pattern }) => pattern !== undefined)
    expect(answers.filter(({ currentVersion }) => currentVersion === 2)).toHaveLength(4)
    expect(await seenPattern(ada, id)).toMatchObject({ version: 2, name: names[won] })
  })

  test('who read again until it worked has lost nothing', async () => {
    const { writer } = await testWriters()
    const ada = await writer('ada')
    const { id } = await madePattern(ada, { data: {} })
    const names = ['one', 'two', 'three', 'four']
    const add = async (name: string): Promise<void> => {
      const { version, data } = await seenPattern(ada, id)
      const input = { id, version, data: { ...data, [name]: true } }
      const { currentVersion } = await answered(ada, UPDATE, input)
      if (currentVersion !== undefined) await add(name)
    }
    await Promise.all(names.map(add))
    const { version, data } = await seenPattern(ada, id)
    expect([version, Object.keys(data).toSorted()]).toEqual([5, names.toSorted()])
  })

  test('one names a set that the other deletes: it is named and gone, or was gone before', async () => {
    const { writer } = await testWriters()
    const ada = await writer('ada')
    for (const _ of Array.from({ length: 12 })) {
      const set = await madeSet(ada, { unit: 'MM', measurements: { waist: 700 } })
      const { id } = await madePattern(ada)
      const input = { id, version: 1, measurementSet: set.id }
      const [updated, deleted] = await Promise.all([
        ada.act(UPDATE, { input }),
        answered(ada, DELETE_SET, { id: set.id }),
      ])
      expect(deleted).toMatchObject({ id: set.id })
      expect([200, 422]).toContain(updated.status)
      const settings = updated.status === 200 ? { measurements: { waist: 700 } } : null
      expect(await seenPattern(ada, id)).toMatchObject({ measurementSet: null, settings })
    }
  })
})
