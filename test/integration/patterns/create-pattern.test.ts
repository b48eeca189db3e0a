import { describe, expect, test } from 'vitest'
import { testWriters } from '../../support/writers.ts'
import { insertCurated } from '../../matrix/belongings.ts'
import { PUBLISH as PUBLISH_SET } from '../measurement-sets/documents.ts'
import { answered, madeSet, refusals, written } from '../measurement-sets/sets.ts'
import { CREATE } from './documents.ts'
import { madePattern, seenPattern, storedPatterns } from './patterns.ts'

const HELD = { chest: 914.4, waist: 700, shoulderSlope: 13 }

test('a pattern is made private, and keeps what it was given', async () => {
  const { writer } = await testWriters()
  const ada = await writer('ada')
  const settings = { sa: 10, units: 'imperial', measurements: { chest: 900 }, only: ['front'] }
  const pattern = await madePattern(ada, {
    name: ' For summer ',
    notes: '**wide**',
    image: 'https://example.org/a.png',
    settings,
    data: { step: 3, deep: [{ unit: 'none' }, null] },
  })
  expect(pattern).toEqual({
    id: expect.stringMatching(/^pat_/),
    design: 'aaron',
    name: 'For summer',
    notes: '**wide**',
    image: 'https://example.org/a.png',
    public: false,
    version: 1,
    settings,
    data: { step: 3, deep: [{ unit: 'none' }, null] },
    measurementSet: null,
    owner: { username: 'ada' },
  })
  expect(await seenPattern(ada, pattern.id)).toEqual(pattern)
})

test('nothing but design and name is needed, and a design need not be known', async () => {
  const { writer } = await testWriters()
  const ada = await writer('ada')
  const pattern = await madePattern(ada, { design: 'my-own-2', notes: null, settings: null })
  expect(pattern).toMatchObject({ design: 'my-own-2', notes: null, settings: null, data: null })
})

test('everything that is wrong is told at once, each at its place, and nothing is stored', async () => {
  const { gateway, writer } = await testWriters()
  const ada = await writer('ada')
  const told = await refusals(ada, CREATE, {
    design: 'Aaron!',
    name: ' ',
    notes: 'x'.repeat(16_001),
    image: 'http://example.org',
    measurementSet: 'set_x',
    settings: { measurements: { chest: 0, hips: '900', shoulderSlope: 91, waist: 700 } },
    data: [1],
  })
  expect(told.map(([path]) => path)).toEqual([
    'design',
    'name',
    'notes',
    'image',
    'settings.measurements.chest',
    'settings.measurements.hips',
    'settings.measurements.shoulderSlope',
    'data',
    'measurementSet',
  ])
  expect(await storedPatterns(gateway)).toEqual([])
})

describe('made from a set', () => {
  test('a pattern holds its values of now, inherited ones included, and names the set', async () => {
    const { writer } = await testWriters()
    const ada = await writer('ada')
    const base = await madeSet(ada, { unit: 'MM', measurements: { chest: 900, waist: 700 } })
    const set = await madeSet(ada, { baseSet: base.id, unit: 'MM', measurements: { chest: 960 } })
    const pattern = await madePattern(ada, { measurementSet: set.id, settings: { sa: 10 } })
    expect(pattern).toMatchObject({
      settings: { sa: 10, measurements: { chest: 960, waist: 700 } },
      measurementSet: { id: set.id },
    })
  })

  test('it holds its own values where the settings bring some', async () => {
    const { writer } = await testWriters()
    const ada = await writer('ada')
    const set = await madeSet(ada, { unit: 'MM', measurements: { chest: 900 } })
    const settings = { measurements: { waist: 650, ownOfTheDesign: 12 } }
    const pattern = await madePattern(ada, { measurementSet: set.id, settings })
    expect(pattern).toMatchObject({ settings, measurementSet: { id: set.id } })
  })

  test('that is public or curated it holds the values, and names no set', async () => {
    const { gateway, writer } = await testWriters()
    const [ada, ben] = [await writer('ada'), await writer('ben')]
    const { id } = await madeSet(ben, { unit: 'MM', measurements: HELD })
    await answered(ben, PUBLISH_SET, { id })
    const { published } = await insertCurated(gateway.database)
    for (const measurementSet of [id, published]) {
      expect(await madePattern(ada, { measurementSet })).toMatchObject({
        settings: { measurements: HELD },
        measurementSet: null,
      })
    }
    const rows = await storedPatterns(gateway)
    expect(rows.map(({ measurement_set_id: named }) => named)).toEqual([null, null])
  })

  test('that the caller may not read there is none, as if it were missing', async () => {
    const { gateway, writer } = await testWriters()
    const [ada, ben] = [await writer('ada'), await writer('ben')]
    const { id } = await madeSet(ben)
    const { draft, retired } = await insertCurated(gateway.database)
    const asked = [id, draft, retired, 'set_x', 'x', '']
    for (const measurementSet of asked) {
      const input = { design: 'aaron', name: 'x', measurementSet }
      expect(await refusals(ada, CREATE, input)).toEqual([
        ['measurementSet', 'This names no measurement set that you may read.'],
      ])
    }
    expect(await storedPatterns(gateway)).toEqual([])
  })
})

describe('in the account of somebody else', () => {
  test('a pattern is made from level 6, and names a set of that account', async () => {
    const { gateway, writer } = await testWriters()
    const ada = await writer('ada')
    const staff = await writer('staff', { level: 6, role: 'bughunter' }, { role: 'bughunter' })
    const { id: measurementSet } = await madeSet(ada, { unit: 'MM', measurements: HELD })
    const account = (await ada.act('{ me { id } }', {})).data['me'].id
    const [own, foreign] = [
      await madePattern(staff, { measurementSet }),
      await madePattern(staff, { measurementSet, account }),
    ]
    expect(own).toMatchObject({ measurementSet: null, owner: { username: 'staff' } })
    expect(foreign).toMatchObject({
      measurementSet: { id: measurementSet },
      owner: { username: 'ada' },
      settings: { measurements: HELD },
    })
    const told = (await written(gateway)).filter(({ owner }) => owner === ada.accountId)
    expect(told.slice(1)).toEqual(
      [
        ['copy-measurements', measurementSet],
        ['copy-measurements', measurementSet],
        ['create-pattern', foreign.id],
      ].map(([action, subject]) => ({
        owner: ada.accountId,
        actor: staff.accountId,
        action,
        subject,
      })),
    )
  })

  test('none is made below, nor where measurements may not be processed', async () => {
    const { gateway, writer } = await testWriters()
    const ada = await writer('ada')
    const shy = await writer('shy', {}, { consent: 'account' })
    const curator = await writer('cur', { level: 5, role: 'curator' }, { role: 'curator' })
    const staff = await writer('staff', { level: 6, role: 'bughunter' }, { role: 'bughunter' })
    const idOf = async ({ act }: typeof ada) => (await act('{ me { id } }', {})).data['me'].id
    for (const [who, account] of [
      [curator, await idOf(ada)],
      [staff, await idOf(shy)],
      [staff, 'acc_x'],
    ] as const) {
      const { status, data } = await who.act(CREATE, {
        input: { design: 'aaron', name: 'x', account },
      })
      expect([status, data]).toEqual([
        200,
        { createPattern: { __typename: 'NotFound', code: 'NOT_FOUND' } },
      ])
    }
    expect(await storedPatterns(gateway)).toEqual([])
  })
})
