import { describe, expect, test } from 'vitest'
import { formatId, uuidOf } from '../../../src/ids.ts'
import { insertCurated } from '../../matrix/belongings.ts'
import { testWriters } from '../../support/writers.ts'
import { CLONE, PUBLISH, UPDATE } from './documents.ts'
import { answered, madeSet, refusals, seenSet, storedSets, written } from './sets.ts'

const NOT_FOUND = { __typename: 'NotFound', code: 'NOT_FOUND' }
const FULL = { notes: 'thin', image: 'https://example.org/a.png', units: 'IMPERIAL' }

async function people() {
  const { gateway, writer } = await testWriters()
  return { gateway, writer, ada: await writer('ada'), ben: await writer('ben') }
}

test('a copy of an own set has all its values, inherited ones included, and is based on nothing', async () => {
  const { ada } = await people()
  const base = await madeSet(ada, { unit: 'CM', measurements: { chest: 92, waist: 70 } })
  const own = { unit: 'CM', measurements: { chest: 96 } }
  const original = await madeSet(ada, { ...FULL, ...own, baseSet: base.id })
  const { measurementSet: copy } = await answered(ada, CLONE, { of: original.id })
  expect(copy).toEqual({
    ...original,
    id: expect.not.stringContaining(original.id),
    baseSet: null,
    measurementList: [
      { name: 'chest', inherited: false },
      { name: 'waist', inherited: false },
    ],
  })
})

test('a copy has the name that it is given, and is changed by itself', async () => {
  const { ada } = await people()
  const original = await madeSet(ada, { unit: 'CM', measurements: { chest: 92 } })
  const { measurementSet: copy } = await answered(ada, CLONE, { of: original.id, name: ' Copy ' })
  expect(copy.name).toBe('Copy')
  const change = { id: copy.id, version: 1, unit: 'CM', measurements: { chest: 80 } }
  await answered(ada, UPDATE, change)
  expect(await seenSet(ada, original.id)).toEqual(original)
})

test('a name that is none is refused, and nothing is copied', async () => {
  const { gateway, ada } = await people()
  const { id } = await madeSet(ada)
  expect(await refusals(ada, CLONE, { of: id, name: ' ' })).toMatchObject([['name', {}]])
  expect(await storedSets(gateway)).toHaveLength(1)
})

describe('a copy of another’s public set', () => {
  test('lands in the account of whoever copies it, private, with what it inherits from private ones', async () => {
    const { gateway, ada, ben } = await people()
    const base = await madeSet(ada, { unit: 'CM', measurements: { waist: 70 } })
    const own = { unit: 'CM', measurements: { chest: 92 }, baseSet: base.id }
    const original = await madeSet(ada, { ...FULL, ...own })
    await answered(ada, PUBLISH, { id: original.id })
    const { measurementSet: copy } = await answered(ben, CLONE, { of: original.id })
    expect(copy).toMatchObject({
      name: 'Ada',
      notes: 'thin',
      public: false,
      version: 1,
      baseSet: null,
      measurements: { chest: 92, waist: 70 },
    })
    expect(await seenSet(ada, copy.id)).toBeNull()
    const owners = (await storedSets(gateway)).map((set) => set.account_id)
    expect(owners).toEqual([ada.accountId, ada.accountId, ben.accountId])
    // What anybody may read leaves no trace in its owner's log, as reading it leaves none.
    expect((await written(gateway)).at(-1)).toEqual({
      owner: ben.accountId,
      actor: ben.accountId,
      action: 'clone-measurement-set',
      subject: copy.id,
    })
  })

  test('is not made while its owner is away, or does not consent', async () => {
    const { gateway, ada, ben } = await people()
    const { id } = await madeSet(ada)
    await answered(ada, PUBLISH, { id })
    const { pool } = gateway.database
    for (const state of ["status = 'restricted'", "status = 'active', consent = 'account'"]) {
      await pool.query(`update account set ${state} where id = $1`, [ada.accountId])
      expect(await answered(ben, CLONE, { of: id })).toEqual(NOT_FOUND)
    }
  })
})

test('a private set of another is as good as missing, and nothing is copied', async () => {
  const { gateway, ada, ben } = await people()
  const { id } = await madeSet(ada)
  const logged = await written(gateway)
  for (const of of [id, formatId('set', ada.accountId), formatId('cur', ada.accountId), 'x', '']) {
    expect(await answered(ben, CLONE, { of })).toEqual(NOT_FOUND)
  }
  expect(await storedSets(gateway)).toHaveLength(1)
  expect(await written(gateway)).toEqual(logged)
})

describe('a copy of a curated set', () => {
  test('is in the language of whoever makes it, else in English, in their units', async () => {
    const { gateway, writer } = await people()
    const { published } = await insertCurated(gateway.database)
    const texts = [{ en: 'Size 12', nl: 'Maat 12' }, { en: 'Round' }].map((each) =>
      JSON.stringify(each),
    )
    await gateway.database.pool.query(
      'update curated_set set names = $1, notes = $2 where id = $3',
      [...texts, uuidOf('cur', published)],
    )
    const dutch = await writer('dutch', {}, { language: 'nl', units: 'imperial' })
    const french = await writer('french', {}, { language: 'fr' })
    expect((await answered(dutch, CLONE, { of: published })).measurementSet).toMatchObject({
      name: 'Maat 12',
      notes: 'Round',
      units: 'IMPERIAL',
      public: false,
      measurements: { chest: 91.44, waist: 70, shoulderSlope: 13 },
    })
    const named = await answered(french, CLONE, { of: published, name: 'Taille 12' })
    expect(named.measurementSet).toMatchObject({ name: 'Taille 12', units: 'METRIC' })
    const unnamed = await answered(french, CLONE, { of: published })
    expect(unnamed.measurementSet.name).toBe('Size 12')
  })

  test('is made of published ones alone, by curators too', async () => {
    const { gateway, writer } = await people()
    const { draft, retired } = await insertCurated(gateway.database)
    const curator = await writer('cur', { level: 5, role: 'curator' }, { role: 'curator' })
    for (const of of [draft, retired]) {
      expect(await answered(curator, CLONE, { of })).toEqual(NOT_FOUND)
    }
  })
})

describe('staff of level 5', () => {
  test('copies a private set into the own account, which stands in its owner’s log', async () => {
    const { gateway, writer, ada } = await people()
    const staff = await writer('cur', { level: 5, role: 'curator' }, { role: 'curator' })
    const { id } = await madeSet(ada, { unit: 'CM', measurements: { chest: 92 } })
    const { measurementSet: copy } = await answered(staff, CLONE, { of: id })
    expect(copy.measurements).toEqual({ chest: 92 })
    const [, stored] = await storedSets(gateway)
    expect(stored).toMatchObject({ account_id: staff.accountId, public: false })
    const act = { actor: staff.accountId, action: 'clone-measurement-set' }
    expect((await written(gateway)).slice(-2)).toEqual([
      { ...act, owner: ada.accountId, subject: id },
      { ...act, owner: staff.accountId, subject: copy.id },
    ])
  })

  test('copies nothing of whoever does not consent to measurements being processed', async () => {
    const { gateway, writer, ada } = await people()
    const staff = await writer('cur', { level: 5, role: 'curator' }, { role: 'curator' })
    const { id } = await madeSet(ada)
    await answered(ada, PUBLISH, { id })
    await gateway.database.pool.query("update account set consent = 'account' where id = $1", [
      ada.accountId,
    ])
    expect(await answered(staff, CLONE, { of: id })).toEqual(NOT_FOUND)
  })

  test('leaves a trace with the owner also where a set is public and its owner away', async () => {
    const { gateway, writer, ada } = await people()
    const staff = await writer('cur', { level: 5, role: 'curator' }, { role: 'curator' })
    const { id } = await madeSet(ada)
    await answered(ada, PUBLISH, { id })
    await gateway.database.pool.query("update account set status = 'restricted' where id = $1", [
      ada.accountId,
    ])
    await answered(staff, CLONE, { of: id })
    expect((await written(gateway)).map(({ owner, action }) => [owner, action])).toContainEqual([
      ada.accountId,
      'clone-measurement-set',
    ])
  })
})
