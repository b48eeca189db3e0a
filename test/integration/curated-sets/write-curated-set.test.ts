import { describe, expect, test } from 'vitest'

import {
  answered,
  curatorNamed,
  EN,
  madeDraft,
  refusedAt,
  seenCurated,
  storedCurated,
  testCurators,
  written,
} from './curators.ts'
import { CREATE, UPDATE } from './documents.ts'

const WHOLE = {
  names: [
    { language: 'DE', text: ' Puppe ' },
    { language: 'EN', text: 'Doll' },
  ],
  notes: [{ language: 'EN', text: '**small**' }],
  height: 1.8,
  image: 'https://example.org/a.png',
  tags: ['doll', '10-percent', 'doll'],
  unit: 'INCH',
  scale: 'DOLL',
  measurements: { chest: 3.6, shoulderSlope: 13 },
}

describe('createCuratedSet', () => {
  test('makes a draft with texts by language and lengths in the unit that was sent', async () => {
    const { gateway, curator } = await testCurators()
    const { status, data } = await curator.act(CREATE, { input: WHOLE })
    expect(status).toBe(200)
    expect(data['createCuratedSet']).toEqual({
      curatedSet: {
        id: expect.stringMatching(/^cur_/),
        name: 'Doll',
        nameDe: 'Puppe',
        notes: '**small**',
        notesDe: '**small**',
        height: 4.572,
        image: 'https://example.org/a.png',
        tags: ['doll', '10-percent'],
        publication: 'DRAFT',
        version: 1,
        measurements: { chest: 9.144, shoulderSlope: 13 },
      },
      warnings: [],
    })
    const { id } = data['createCuratedSet'].curatedSet
    const { accountId } = curator
    expect(await storedCurated(gateway)).toMatchObject([
      { curator_id: accountId, height_mm: 45.72, measurements: { chest: 91.44 } },
    ])
    expect(await written(gateway)).toMatchObject([
      { owner: accountId, actor: accountId, action: 'create-curated-set', subject: id },
    ])
  })

  test('tells everything that is wrong at once, and stores nothing', async () => {
    const { gateway, curator } = await testCurators()
    const wrong = {
      names: [{ language: 'DE', text: 'Puppe' }],
      notes: [{ language: 'EN', text: 'x'.repeat(16_001) }],
      height: 10_001,
      image: 'http://example.org',
      tags: ['adults', 'EU', '', 'a b', 'x'.repeat(41)],
      measurements: { chst: 900, chest: 0 },
    }
    expect(await refusedAt(curator, CREATE, wrong)).toEqual([
      'height',
      'image',
      'measurements.chest',
      'measurements.chst',
      'names',
      'notes.0.text',
      'tags.1',
      'tags.2',
      'tags.3',
      'tags.4',
      'unit',
    ])
    expect(await storedCurated(gateway)).toEqual([])
  })

  test.each([
    ['no name', { names: [] }, ['names']],
    ['half a character', { names: EN('a\ud800') }, ['names.0.text']],
    ['an empty name', { names: EN(' ') }, ['names.0.text']],
    ['two names in one language', { names: [...EN('a'), ...EN('b')] }, ['names']],
    ['21 tags', { tags: Array.from({ length: 21 }, (_, i) => `t${i}`) }, ['tags']],
    ['a height without a unit', { height: 170 }, ['unit']],
    ['no height at all', { height: 0, unit: 'CM' }, ['height']],
  ])('refuses %s', async (_what, input, paths) => {
    const { curator } = await testCurators()
    expect(await refusedAt(curator, CREATE, { names: EN('Doll'), ...input })).toEqual(paths)
  })

  test('warns of unlikely values, and stores them', async () => {
    const { curator } = await testCurators()
    const measurements = { shoulderToWrist: 300, shoulderToElbow: 350 }
    const input = { names: EN('Doll'), unit: 'MM', measurements }
    const { curatedSet, warnings } = await answered(curator, CREATE, input)
    expect(warnings).toMatchObject([{ code: 'ELBOW_BELOW_WRIST' }])
    expect(curatedSet.measurements).toEqual({ shoulderToWrist: 30, shoulderToElbow: 35 })
  })

  test('makes one set under one Idempotency-Key, and answers alike', async () => {
    const { gateway, curator } = await testCurators()
    const first = await answered(curator, CREATE, WHOLE, 'once')
    expect(await answered(curator, CREATE, WHOLE, 'once')).toEqual(first)
    expect(await storedCurated(gateway)).toHaveLength(1)
  })
})

describe('updateCuratedSet', () => {
  test('merges names, notes and measurements, and leaves what it does not name', async () => {
    const { curator } = await testCurators()
    const draft = await madeDraft(curator, WHOLE)
    const { curatedSet } = await answered(curator, UPDATE, {
      id: draft.id,
      version: 1,
      names: EN('Small doll'),
      notes: [{ language: 'DE', text: 'klein' }],
      unit: 'CM',
      measurements: { chest: null, waist: 7 },
    })
    expect(curatedSet).toEqual({
      ...draft,
      name: 'Small doll',
      notesDe: 'klein',
      version: 2,
      measurements: { shoulderSlope: 13, waist: 7 },
    })
  })

  test('takes away what is null: one language, or all of it', async () => {
    const { curator } = await testCurators()
    const { id } = await madeDraft(curator, WHOLE)
    const one = await answered(curator, UPDATE, {
      id,
      version: 1,
      names: [{ language: 'DE', text: null }],
      height: null,
      image: null,
      tags: ['doll'],
    })
    expect(one.curatedSet).toMatchObject({ nameDe: 'Doll', height: null, image: null })
    expect(one.curatedSet).toMatchObject({ tags: ['doll'], notes: '**small**' })
    const all = await answered(curator, UPDATE, { id, version: 2, notes: null, tags: null })
    expect(all.curatedSet).toMatchObject({ tags: [], notes: null, name: 'Doll', version: 3 })
  })

  test('tells everything that is wrong at once, and changes nothing', async () => {
    const { gateway, curator } = await testCurators()
    const { id } = await madeDraft(curator, WHOLE)
    const before = await storedCurated(gateway)
    const wrong = {
      id,
      version: 0,
      names: [{ language: 'EN', text: null }],
      tags: ['Adults'],
      height: -1,
      measurements: { chest: '90' },
    }
    expect(await refusedAt(curator, UPDATE, wrong)).toEqual([
      'height',
      'measurements.chest',
      'names',
      'tags.0',
      'unit',
      'version',
    ])
    expect(await storedCurated(gateway)).toEqual(before)
  })

  test('of another version changes nothing, and tells the present one', async () => {
    const { gateway, curator } = await testCurators()
    const { id } = await madeDraft(curator)
    const before = await storedCurated(gateway)
    const conflict = await answered(curator, UPDATE, { id, version: 2, names: EN('x') })
    expect(conflict).toMatchObject({ code: 'VERSION_CONFLICT', currentVersion: 1 })
    expect(await storedCurated(gateway)).toEqual(before)
  })

  test('of one that another curator has made stands in the log of that one', async () => {
    const curators = await testCurators()
    const { gateway, curator } = curators
    const other = await curatorNamed(curators, 'other')
    const { id } = await madeDraft(curator)
    await answered(other, UPDATE, { id, version: 1, names: EN('x') })
    expect((await seenCurated(curator, id)).name).toBe('x')
    expect((await written(gateway)).at(-1)).toMatchObject({
      owner: curator.accountId,
      actor: other.accountId,
      action: 'update-curated-set',
      subject: id,
    })
  })

  test('is done by one of two curators who have read the same version', async () => {
    const curators = await testCurators()
    const { curator } = curators
    const other = await curatorNamed(curators, 'other')
    const { id } = await madeDraft(curator)
    const changes = [
      answered(curator, UPDATE, { id, version: 1, unit: 'CM', measurements: { chest: 90 } }),
      answered(other, UPDATE, { id, version: 1, unit: 'CM', measurements: { waist: 70 } }),
    ]
    const codes = (await Promise.all(changes)).map(({ code = 'done' }) => code)
    expect(new Set(codes)).toEqual(new Set(['VERSION_CONFLICT', 'done']))
    const { measurements, version } = await seenCurated(curator, id)
    expect([Object.keys(measurements).length, version]).toEqual([1, 2])
  })

  test('comes to the same under one Idempotency-Key, once', async () => {
    const { curator } = await testCurators()
    const { id } = await madeDraft(curator)
    const input = { id, version: 1, names: EN('x') }
    const first = await answered(curator, UPDATE, input, 'once')
    expect(await answered(curator, UPDATE, input, 'once')).toEqual(first)
    expect((await seenCurated(curator, id)).version).toBe(2)
  })
})
