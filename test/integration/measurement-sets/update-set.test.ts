import { describe, expect, test } from 'vitest'
import { testWriters } from '../../support/writers.ts'
import { UPDATE } from './documents.ts'
import { answered, madeSet, refusals, seenSet, storedSets } from './sets.ts'

async function ada() {
  const { gateway, writer } = await testWriters()
  return { gateway, writer: await writer('ada') }
}

const IN_CM = { unit: 'CM', measurements: { chest: 92, waist: 70, shoulderSlope: 13 } }

describe('a change', () => {
  test('leaves what it does not name, and tells the next version', async () => {
    const { writer } = await ada()
    const made = await madeSet(writer, {
      ...IN_CM,
      notes: 'thin',
      image: 'https://example.org/a.png',
      units: 'IMPERIAL',
    })
    const input = { id: made.id, version: 1, name: ' Ada, winter ' }
    const { measurementSet } = await answered(writer, UPDATE, input)
    expect(measurementSet).toEqual({ ...made, name: 'Ada, winter', version: 2 })
    expect(await seenSet(writer, made.id)).toEqual(measurementSet)
  })

  test('merges measurements, in the unit that was sent, and takes away those that are null', async () => {
    const { writer } = await ada()
    const { id } = await madeSet(writer, IN_CM)
    const measurements = { chest: 36, waist: null, hips: 40 }
    const input = { id, version: 1, unit: 'INCH', measurements }
    const { measurementSet } = await answered(writer, UPDATE, input)
    expect(measurementSet.measurements).toEqual({ chest: 91.44, hips: 101.6, shoulderSlope: 13 })
  })

  test('needs no unit where it only takes away', async () => {
    const { writer } = await ada()
    const { id } = await madeSet(writer, IN_CM)
    const input = { id, version: 1, measurements: { chest: null, hips: null } }
    const { measurementSet } = await answered(writer, UPDATE, input)
    expect(measurementSet.measurements).toEqual({ waist: 70, shoulderSlope: 13 })
  })

  test.each([
    { measurements: { chest: 92 } },
    { measurements: { shoulderSlope: 13 } },
    { unit: null, measurements: { chest: 92, waist: null } },
  ])('needs a unit as soon as a value is sent: %o', async (input) => {
    const { writer } = await ada()
    const { id } = await madeSet(writer)
    expect(await refusals(writer, UPDATE, { id, version: 1, ...input })).toEqual([
      ['unit', 'Say in which unit the lengths are: MM, CM or INCH. Angles are degrees always.'],
    ])
  })

  test('takes away notes and picture where they are null', async () => {
    const { writer } = await ada()
    const { id } = await madeSet(writer, { notes: 'thin', image: 'https://example.org/a.png' })
    const input = { id, version: 1, notes: null, image: null }
    const { measurementSet } = await answered(writer, UPDATE, input)
    expect(measurementSet).toMatchObject({ notes: null, image: null, name: 'Ada', version: 2 })
  })

  test('is told everything that is wrong with it at once, and does nothing then', async () => {
    const { gateway, writer } = await ada()
    const { id } = await madeSet(writer, IN_CM)
    const before = await storedSets(gateway)
    const wrong = await refusals(writer, UPDATE, {
      id,
      version: 0,
      name: null,
      notes: 'x'.repeat(16_001),
      image: 'javascript:alert(1)',
      units: null,
      baseSet: id,
      measurements: { chest: -1, wasit: 700, hips: true, waist: null },
    })
    expect(wrong.map(([path]) => path).toSorted()).toEqual([
      'baseSet',
      'image',
      'measurements.chest',
      'measurements.hips',
      'measurements.wasit',
      'name',
      'notes',
      'unit',
      'units',
      'version',
    ])
    expect(await storedSets(gateway)).toEqual(before)
  })

  test('of a version that is not the present one does nothing, and is told which one is', async () => {
    const { gateway, writer } = await ada()
    const { id } = await madeSet(writer, IN_CM)
    await answered(writer, UPDATE, { id, version: 1, name: 'second' })
    const before = await storedSets(gateway)
    for (const version of [1, 3]) {
      const input = { id, version, name: 'third', unit: 'CM', measurements: { chest: 1 } }
      expect(await answered(writer, UPDATE, input)).toEqual({
        __typename: 'VersionConflict',
        code: 'VERSION_CONFLICT',
        currentVersion: 2,
      })
    }
    expect(await storedSets(gateway)).toEqual(before)
  })
})

describe('warnings', () => {
  const FOREARM = { shoulderToElbow: 350 }

  test('are of the values that hold, inherited ones included', async () => {
    const { writer } = await ada()
    const base = await madeSet(writer, { unit: 'MM', measurements: FOREARM })
    const { id } = await madeSet(writer, { baseSet: base.id })
    const input = { id, version: 1, unit: 'MM', measurements: { shoulderToWrist: 300 } }
    const { measurementSet, warnings } = await answered(writer, UPDATE, input)
    expect(warnings).toEqual([
      { code: 'ELBOW_BELOW_WRIST', measurements: ['shoulderToWrist', 'shoulderToElbow'] },
    ])
    expect(measurementSet.measurements).toEqual({ shoulderToWrist: 30, shoulderToElbow: 35 })
  })

  test('go with the value that they were of', async () => {
    const { writer } = await ada()
    const measurements = { ...FOREARM, shoulderToWrist: 300 }
    const { id } = await madeSet(writer, { unit: 'MM', measurements })
    const input = { id, version: 1, measurements: { shoulderToWrist: null } }
    expect((await answered(writer, UPDATE, input)).warnings).toEqual([])
  })
})

describe('the base set', () => {
  test('is set, stays where it is not named, and goes where it is null', async () => {
    const { writer } = await ada()
    const base = await madeSet(writer, IN_CM)
    const { id } = await madeSet(writer, { unit: 'CM', measurements: { chest: 96 } })
    const based = await answered(writer, UPDATE, { id, version: 1, baseSet: base.id })
    expect(based.measurementSet).toMatchObject({
      baseSet: { id: base.id },
      measurements: { chest: 96, waist: 70, shoulderSlope: 13 },
    })
    const renamed = await answered(writer, UPDATE, { id, version: 2, name: 'x' })
    expect(renamed.measurementSet.baseSet).toEqual({ id: base.id })
    const freed = await answered(writer, UPDATE, { id, version: 3, baseSet: null })
    expect(freed.measurementSet).toMatchObject({ baseSet: null, measurements: { chest: 96 } })
  })

  test('lets an own value go back to its own', async () => {
    const { writer } = await ada()
    const base = await madeSet(writer, IN_CM)
    const own = { unit: 'CM', measurements: { chest: 96 } }
    const { id } = await madeSet(writer, { baseSet: base.id, ...own })
    const input = { id, version: 1, measurements: { chest: null } }
    expect((await answered(writer, UPDATE, input)).measurementSet.measurements.chest).toBe(92)
  })

  test('is never the set itself, nor one that is based on it', async () => {
    const { writer } = await ada()
    const top = await madeSet(writer)
    const middle = await madeSet(writer, { baseSet: top.id })
    const low = await madeSet(writer, { baseSet: middle.id })
    for (const baseSet of [top.id, middle.id, low.id]) {
      const input = { id: top.id, version: 1, baseSet }
      expect(await refusals(writer, UPDATE, input)).toEqual([
        ['baseSet', 'A set can not be based on itself, nor on one that is based on it.'],
      ])
    }
  })

  test('has at most three one behind the other, those below the set included', async () => {
    const { writer } = await ada()
    const [one, two] = [await madeSet(writer), await madeSet(writer)]
    const below = await madeSet(writer, { baseSet: two.id })
    const lowest = await madeSet(writer, { baseSet: below.id })
    const above = await madeSet(writer, { baseSet: one.id })
    const input = { id: two.id, version: 1, baseSet: above.id }
    expect(await refusals(writer, UPDATE, input)).toEqual([
      ['baseSet', 'At most 3 base sets stand one behind the other; here they would be 4.'],
    ])
    const fits = await answered(writer, UPDATE, { ...input, baseSet: one.id })
    expect(fits.measurementSet.baseSet).toEqual({ id: one.id })
    expect(await seenSet(writer, lowest.id)).toMatchObject({ baseSet: { id: below.id } })
  })
})
