import { expect, test } from 'vitest'
import { testWriters } from '../../support/writers.ts'
import { answered, madeSet, written } from '../measurement-sets/sets.ts'
import { DELETE, PUBLISH, UNPUBLISH } from './documents.ts'
import { madePattern, seenPattern, storedPatterns } from './patterns.ts'

test('publishing names what anybody may read from now on', async () => {
  const { writer } = await testWriters()
  const [ada, ben] = [await writer('ada'), await writer('ben')]
  const set = await madeSet(ada, { unit: 'MM', measurements: { waist: 700, chest: 900 } })
  const whole = await madePattern(ada, {
    notes: 'wide',
    image: 'https://example.org/a.png',
    measurementSet: set.id,
    data: {},
  })
  expect(await seenPattern(ben, whole.id)).toBeNull()
  const published = await answered(ada, PUBLISH, { id: whole.id, version: 1 })
  expect(published).toEqual({
    pattern: { ...whole, public: true, version: 2 },
    parts: ['NAME', 'NOTES', 'IMAGE', 'SETTINGS', 'DATA'],
    measurements: ['chest', 'waist'],
  })
  // The set behind it stays private.
  const seen = { ...whole, public: true, version: 2, measurementSet: null }
  expect(await seenPattern(ben, whole.id)).toEqual(seen)
  const bare = await madePattern(ada)
  expect(await answered(ada, PUBLISH, { id: bare.id })).toMatchObject({
    parts: ['NAME'],
    measurements: [],
  })
})

test('it is private again, and doing either twice changes nothing more', async () => {
  const { gateway, writer } = await testWriters()
  const [ada, ben] = [await writer('ada'), await writer('ben')]
  const { id } = await madePattern(ada)
  for (const _ of [1, 2]) await answered(ada, PUBLISH, { id })
  for (const _ of [1, 2]) {
    const { pattern } = await answered(ada, UNPUBLISH, { id })
    expect(pattern).toMatchObject({ public: false, version: 3 })
  }
  expect(await seenPattern(ben, id)).toBeNull()
  const actions = (await written(gateway)).map(({ action }) => action)
  expect(actions).toEqual(['create-pattern', 'publish-pattern', 'unpublish-pattern'])
})

test('a deleted pattern is gone for good', async () => {
  const { gateway, writer } = await testWriters()
  const ada = await writer('ada')
  const [one, other] = [await madePattern(ada), await madePattern(ada)]
  expect(await answered(ada, DELETE, { id: one.id, version: 1 })).toEqual({ id: one.id })
  expect(await seenPattern(ada, one.id)).toBeNull()
  expect(await seenPattern(ada, other.id)).toEqual(other)
  expect((await written(gateway)).at(-1)).toMatchObject({
    action: 'delete-pattern',
    subject: one.id,
  })
})

test.each([
  ['published', PUBLISH],
  ['made private', UNPUBLISH],
  ['deleted', DELETE],
])('of another version than the caller has read it is not %s', async (_, document) => {
  const { gateway, writer } = await testWriters()
  const ada = await writer('ada')
  const { id } = await madePattern(ada)
  const before = await storedPatterns(gateway)
  expect(await answered(ada, document, { id, version: 2 })).toEqual({
    __typename: 'VersionConflict',
    code: 'VERSION_CONFLICT',
    currentVersion: 1,
  })
  expect(await storedPatterns(gateway)).toEqual(before)
})

test('deleted several times at once, a pattern is deleted once', async () => {
  const { writer } = await testWriters()
  const ada = await writer('ada')
  const { id } = await madePattern(ada)
  const answers = await Promise.all([1, 2, 3].map(() => answered(ada, DELETE, { id })))
  expect(answers.filter((answer) => answer.id === id)).toHaveLength(1)
  expect(answers.filter(({ code }) => code === 'NOT_FOUND')).toHaveLength(2)
})
