import { describe, expect, test } from 'vitest'
import { testWriters } from '../../support/writers.ts'
import { PUBLISH, UNPUBLISH, UPDATE } from './documents.ts'
import { answered, madeSet, seenSet, written } from './sets.ts'

async function adaAndOutsider() {
  const { gateway, writer } = await testWriters()
  return { gateway, ada: await writer('ada'), outsider: await writer('outsider') }
}

describe('publishing a set', () => {
  test('names what is public from now on: parts, own measurements and inherited ones', async () => {
    const { ada } = await adaAndOutsider()
    const measurements = { chest: 92, waist: 70, shoulderSlope: 13 }
    const base = await madeSet(ada, { unit: 'CM', measurements })
    const own = { unit: 'CM', measurements: { chest: 96, neck: 35 } }
    const { id } = await madeSet(ada, { baseSet: base.id, notes: 'thin', ...own })
    expect(await answered(ada, PUBLISH, { id, version: 1 })).toMatchObject({
      measurementSet: { id, public: true, version: 2 },
      parts: ['NAME', 'NOTES'],
      measurements: ['chest', 'neck'],
      inherited: ['shoulderSlope', 'waist'],
    })
  })

  test.each([
    [{}, ['NAME']],
    [{ image: 'https://example.org/a.png' }, ['NAME', 'IMAGE']],
    [{ image: 'https://example.org/a.png', notes: 'x' }, ['NAME', 'NOTES', 'IMAGE']],
  ])('names of %o the parts %j, and no measurements where there are none', async (has, parts) => {
    const { ada } = await adaAndOutsider()
    const { id } = await madeSet(ada, has)
    const nothing = { measurements: [], inherited: [] }
    expect(await answered(ada, PUBLISH, { id })).toMatchObject({ parts, ...nothing })
  })

  test('shows it to outsiders, and not before; making it private hides it again', async () => {
    const { ada, outsider } = await adaAndOutsider()
    const { id } = await madeSet(ada, { notes: 'thin', unit: 'CM', measurements: { chest: 92 } })
    expect(await seenSet(outsider, id)).toBeNull()
    await answered(ada, PUBLISH, { id })
    expect(await seenSet(outsider, id)).toMatchObject({
      name: 'Ada',
      notes: 'thin',
      measurements: { chest: 92 },
    })
    expect(await answered(ada, UNPUBLISH, { id })).toMatchObject({
      measurementSet: { public: false, version: 3 },
    })
    expect(await seenSet(outsider, id)).toBeNull()
  })

  test('shows merged values that follow a private base set, which itself stays hidden', async () => {
    const { ada, outsider } = await adaAndOutsider()
    const base = await madeSet(ada, { unit: 'CM', measurements: { chest: 92 } })
    const { id } = await madeSet(ada, { baseSet: base.id })
    await answered(ada, PUBLISH, { id })
    const change = { unit: 'CM', measurements: { chest: 93, waist: 71 } }
    await answered(ada, UPDATE, { id: base.id, version: 1, ...change })
    expect(await seenSet(outsider, id)).toMatchObject({
      baseSet: null,
      measurements: { chest: 93, waist: 71 },
    })
    expect(await seenSet(outsider, base.id)).toBeNull()
  })
})

test.each([
  ['publishing', PUBLISH, [], 2],
  ['making private', UNPUBLISH, [PUBLISH], 3],
] as const)('%s twice changes and logs it once', async (_what, document, before, version) => {
  const { gateway, ada } = await adaAndOutsider()
  const { id } = await madeSet(ada)
  for (const each of before) await answered(ada, each, { id })
  const first = await answered(ada, document, { id })
  expect(first.measurementSet.version).toBe(version)
  const logged = await written(gateway)
  expect(await answered(ada, document, { id })).toEqual(first)
  expect(await written(gateway)).toEqual(logged)
})

test.each([
  ['publish', PUBLISH],
  ['make private', UNPUBLISH],
])('to %s a version that is not the present one changes nothing', async (_what, document) => {
  const { ada } = await adaAndOutsider()
  const { id } = await madeSet(ada)
  if (document === UNPUBLISH) await answered(ada, PUBLISH, { id })
  const before = await seenSet(ada, id)
  expect(await answered(ada, document, { id, version: before.version + 1 })).toEqual({
    __typename: 'VersionConflict',
    code: 'VERSION_CONFLICT',
    currentVersion: before.version,
  })
  expect(await seenSet(ada, id)).toEqual(before)
})

test('the owner’s log tells when a set was made public and private', async () => {
  const { gateway, ada } = await adaAndOutsider()
  const { id: subject } = await madeSet(ada)
  for (const document of [PUBLISH, UNPUBLISH]) await answered(ada, document, { id: subject })
  const { accountId } = ada
  const by = { owner: accountId, actor: accountId, subject }
  expect((await written(gateway)).slice(-2)).toEqual([
    { ...by, action: 'publish-measurement-set' },
    { ...by, action: 'unpublish-measurement-set' },
  ])
})
