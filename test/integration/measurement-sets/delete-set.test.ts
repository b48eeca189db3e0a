import { v7 } from 'uuid'
import { describe, expect, test } from 'vitest'
import { uuidOf } from '../../../src/ids.ts'
import { testWriters } from '../../support/writers.ts'
import { DELETE, UPDATE } from './documents.ts'
import { answered, madeSet, seenSet, storedSets, written } from './sets.ts'

async function ada() {
  const { gateway, writer } = await testWriters()
  return { gateway, writer: await writer('ada') }
}

test('a set that nothing is based on is gone for good, and its owner’s log tells so', async () => {
  const { gateway, writer } = await ada()
  const { id } = await madeSet(writer)
  expect(await answered(writer, DELETE, { id })).toEqual({ id, detached: [], detachedCount: 0 })
  expect(await storedSets(gateway)).toEqual([])
  expect((await written(gateway)).at(-1)).toEqual({
    owner: writer.accountId,
    actor: writer.accountId,
    action: 'delete-measurement-set',
    subject: id,
  })
})

test('a version that is not the present one deletes nothing, and is told which one is', async () => {
  const { writer } = await ada()
  const { id } = await madeSet(writer)
  await answered(writer, UPDATE, { id, version: 1, name: 'second' })
  expect(await answered(writer, DELETE, { id, version: 1 })).toMatchObject({
    code: 'VERSION_CONFLICT',
    currentVersion: 2,
  })
  expect(await seenSet(writer, id)).toMatchObject({ name: 'second' })
  expect(await answered(writer, DELETE, { id, version: 2 })).toMatchObject({ id })
})

test('patterns that were made from it keep their copy of its measurements', async () => {
  const { gateway, writer } = await ada()
  const { id } = await madeSet(writer, { unit: 'CM', measurements: { chest: 92 } })
  const pattern = { id: v7(), label: 'name', body: 'settings with measurements' }
  await gateway.database.kysely
    .insertInto('pattern')
    .values({
      ...pattern,
      account_id: writer.accountId,
      measurement_set_id: uuidOf('set', id),
      design: 'aaron',
      label_index: Buffer.alloc(32),
      created_at: new Date(),
      updated_at: new Date(),
    })
    .execute()
  await answered(writer, DELETE, { id })
  const kept = await gateway.database.kysely.selectFrom('pattern').selectAll().execute()
  expect(kept).toMatchObject([{ ...pattern, measurement_set_id: null }])
})

describe('a set that others are based on', () => {
  test('stays, and they are listed', async () => {
    const { gateway, writer } = await ada()
    const base = await madeSet(writer)
    const [one, two] = [{ baseSet: base.id }, { baseSet: base.id }]
    const ids = [(await madeSet(writer, one)).id, (await madeSet(writer, two)).id]
    const before = await storedSets(gateway)
    for (const input of [{ id: base.id }, { id: base.id, dependents: 'REFUSE' }]) {
      expect(await answered(writer, DELETE, input)).toEqual({
        __typename: 'SetInUse',
        code: 'SET_IN_USE',
        message: expect.stringContaining('Say that they shall be detached'),
        dependents: ids,
      })
    }
    expect(await storedSets(gateway)).toEqual(before)
  })

  test('is deleted where they are detached: each keeps all values, and is based on what it was based on', async () => {
    const { writer } = await ada()
    const of = (measurements: object, baseSet?: string) =>
      madeSet(writer, { unit: 'CM', measurements, baseSet })
    const top = await of({ chest: 90, waist: 70, hips: 95 })
    const base = await of({ chest: 92, neck: 35 }, top.id)
    const differs = await of({ chest: 96 }, base.id)
    const plain = await of({}, base.id)
    const below = await of({ waist: 71 }, plain.id)
    const input = { id: base.id, version: 1, dependents: 'DETACH' }
    expect(await answered(writer, DELETE, input)).toEqual({
      id: base.id,
      detached: [differs.id, plain.id],
      detachedCount: 2,
    })
    for (const set of [differs, plain]) {
      const detached = await seenSet(writer, set.id)
      expect(detached).toMatchObject({ baseSet: { id: top.id }, version: 2 })
      expect(detached.measurements).toEqual(set.measurements)
    }
    // What was its own goes along; what stands above stays inherited, and follows that.
    expect((await seenSet(writer, plain.id)).measurementList).toEqual([
      { name: 'chest', inherited: false },
      { name: 'hips', inherited: true },
      { name: 'neck', inherited: false },
      { name: 'waist', inherited: true },
    ])
    expect(await seenSet(writer, below.id)).toEqual(below)
  })

  test('leaves sets that are based on nothing where it was based on nothing', async () => {
    const { writer } = await ada()
    const base = await madeSet(writer, { unit: 'CM', measurements: { chest: 92 } })
    const set = await madeSet(writer, { baseSet: base.id, notes: 'thin' })
    await answered(writer, DELETE, { id: base.id, dependents: 'DETACH' })
    expect(await seenSet(writer, set.id)).toMatchObject({
      baseSet: null,
      notes: 'thin',
      measurements: { chest: 92 },
    })
  })

  test('names the first hundred of them, and counts all', async () => {
    const { gateway, writer } = await ada()
    const base = await madeSet(writer)
    const ids: string[] = []
    while (ids.length < 101) {
      // oxlint-disable-next-line no-await-in-loop -- more at a time wait for a connection
      ids.push((await madeSet(writer, { baseSet: base.id })).id)
    }
    const { dependents } = await answered(writer, DELETE, { id: base.id })
    expect(dependents).toHaveLength(100)
    const gone = await answered(writer, DELETE, { id: base.id, dependents: 'DETACH' })
    expect(gone).toMatchObject({ detached: dependents, detachedCount: 101 })
    expect(ids).toEqual(expect.arrayContaining(gone.detached))
    const left = await storedSets(gateway)
    expect(left.filter((set) => set.base_set_id === null && set.version === 2)).toHaveLength(101)
  })
})
