import { expect, test } from 'vitest'
import { testWriters } from '../../support/writers.ts'
import { answered, madeSet, refusals, written } from '../measurement-sets/sets.ts'
import { CLONE, PUBLISH } from './documents.ts'
import { madePattern, seenPattern, storedPatterns } from './patterns.ts'

const WHOLE = {
  notes: 'wide',
  image: 'https://example.org/a.png',
  settings: { sa: 10, measurements: { chest: 900 } },
  data: { step: 1 },
}

test('a copy of an own pattern is private, has all of it, and names the same set', async () => {
  const { writer } = await testWriters()
  const ada = await writer('ada')
  const set = await madeSet(ada)
  const made = await madePattern(ada, { ...WHOLE, measurementSet: set.id })
  await answered(ada, PUBLISH, { id: made.id })
  const { pattern } = await answered(ada, CLONE, { of: made.id })
  expect(pattern).toEqual({ ...made, id: pattern.id })
  expect(pattern.id).not.toBe(made.id)
  const named = await answered(ada, CLONE, { of: made.id, name: ' Mine ' })
  expect(named.pattern).toMatchObject({ name: 'Mine', public: false })
})

test('a copy of another’s public pattern belongs to whoever makes it, and names no set', async () => {
  const { gateway, writer } = await testWriters()
  const [ada, ben] = [await writer('ada'), await writer('ben')]
  const set = await madeSet(ben)
  const { id } = await madePattern(ben, { ...WHOLE, measurementSet: set.id })
  await answered(ben, PUBLISH, { id })
  const { pattern } = await answered(ada, CLONE, { of: id })
  expect(pattern).toMatchObject({ ...WHOLE, owner: { username: 'ada' }, measurementSet: null })
  const [, copy] = await storedPatterns(gateway)
  expect(copy).toMatchObject({ account_id: ada.accountId, measurement_set_id: null })
  const told = await written(gateway)
  expect(told.at(-1)).toMatchObject({ owner: ada.accountId, subject: pattern.id })
  expect(told.filter(({ actor }) => actor === ada.accountId)).toHaveLength(1)
})

test('staff copies what is another’s from level 5, and the owner’s log tells of it', async () => {
  const { gateway, writer } = await testWriters()
  const ada = await writer('ada')
  const staff = await writer('staff', { level: 5, role: 'curator' }, { role: 'curator' })
  const { id } = await madePattern(ada, WHOLE)
  const { pattern } = await answered(staff, CLONE, { of: id })
  expect(pattern).toMatchObject({ ...WHOLE, owner: { username: 'staff' } })
  expect(await seenPattern(ada, pattern.id)).toBeNull()
  const [, ...told] = await written(gateway)
  expect(told.map(({ owner, actor, subject }) => [owner, actor, subject])).toEqual([
    [ada.accountId, staff.accountId, id],
    [staff.accountId, staff.accountId, pattern.id],
  ])
})

test('nobody copies a pattern of whoever has withdrawn the consent to measurements', async () => {
  const { gateway, writer } = await testWriters()
  const ada = await writer('ada')
  const staff = await writer('staff', { level: 5, role: 'curator' }, { role: 'curator' })
  const { id } = await madePattern(ada, WHOLE)
  await answered(ada, PUBLISH, { id })
  const { kysely } = gateway.database
  const withdrawn = kysely.updateTable('account').set({ consent: 'account' })
  await withdrawn.where('id', '=', ada.accountId).execute()
  const ben = await writer('ben')
  for (const who of [staff, ben]) {
    expect(await answered(who, CLONE, { of: id })).toMatchObject({ code: 'NOT_FOUND' })
  }
})

test('a name that is none is refused', async () => {
  const { gateway, writer } = await testWriters()
  const ada = await writer('ada')
  const { id } = await madePattern(ada)
  expect(await refusals(ada, CLONE, { of: id, name: ' ' })).toEqual([
    ['name', 'A name has 1 to 200 characters.'],
  ])
  expect(await storedPatterns(gateway)).toHaveLength(1)
})
