import { expect, test } from 'vitest'
import { testWriters } from '../../support/writers.ts'
import { CREATE, DELETE, PUBLISH, UNPUBLISH, UPDATE } from './documents.ts'
import { answered, madeSet, refusals, seenSet, storedSets, written } from './sets.ts'

const NOT_FOUND = { __typename: 'NotFound', code: 'NOT_FOUND' }

async function community() {
  const { gateway, writer } = await testWriters()
  return {
    gateway,
    writer,
    ada: await writer('ada'),
    staff: await writer('staff', { level: 6, role: 'bughunter' }, { role: 'bughunter' }),
    curator: await writer('cur', { level: 5, role: 'curator' }, { role: 'curator' }),
  }
}

/** Every act on a set that there is, in an order in which each finds something to do. */
function actsOn(id: string) {
  return [
    [UPDATE, { id, version: 1, name: 'renamed', unit: 'CM', measurements: { chest: 90 } }],
    [PUBLISH, { id }],
    [UNPUBLISH, { id }],
    [DELETE, { id }],
  ] as const
}

test('staff of level 6 changes sets of others, and each act stands in the log of the owner', async () => {
  const { gateway, ada, staff } = await community()
  const { id } = await madeSet(ada, { unit: 'CM', measurements: { waist: 70 } })
  const [[update, renaming], ...others] = actsOn(id)
  await answered(staff, update, renaming)
  expect(await seenSet(ada, id)).toMatchObject({
    name: 'renamed',
    measurements: { chest: 90, waist: 70 },
  })
  for (const [document, input] of others) await answered(staff, document, input)
  expect(await storedSets(gateway)).toEqual([])
  const ofStaff = (await written(gateway)).filter(({ actor }) => actor === staff.accountId)
  const by = { owner: ada.accountId, actor: staff.accountId, subject: id }
  expect(ofStaff).toEqual(
    ['update', 'publish', 'unpublish', 'delete'].map((verb) => ({
      ...by,
      action: `${verb}-measurement-set`,
    })),
  )
})

test.each(['curator', 'ben'])(
  '%s, who is of a lower level, finds nothing to change',
  async (who) => {
    const { gateway, writer, ada, curator } = await community()
    const { id } = await madeSet(ada)
    const before = [await storedSets(gateway), await written(gateway)]
    const asking = who === 'curator' ? curator : await writer(who)
    for (const [document, input] of actsOn(id)) {
      expect(await answered(asking, document, input)).toMatchObject(NOT_FOUND)
    }
    expect([await storedSets(gateway), await written(gateway)]).toEqual(before)
  },
)

test('a set is not changed for the sake of its being public', async () => {
  const { writer, ada } = await community()
  const ben = await writer('ben')
  const { id } = await madeSet(ada)
  await answered(ada, PUBLISH, { id })
  const before = await seenSet(ada, id)
  for (const [document, input] of actsOn(id)) {
    expect(await answered(ben, document, input)).toMatchObject(NOT_FOUND)
  }
  expect(await seenSet(ada, id)).toEqual(before)
})

test.each(['account', 'none'])(
  'nothing is changed where the owner consents to %s only: to staff the set is as good as missing',
  async (consent) => {
    const { gateway, ada, staff } = await community()
    const { id } = await madeSet(ada)
    await gateway.database.pool.query('update account set consent = $1 where id = $2', [
      consent,
      ada.accountId,
    ])
    const before = [await storedSets(gateway), await written(gateway)]
    for (const [document, input] of actsOn(id)) {
      expect(await answered(staff, document, input)).toMatchObject(NOT_FOUND)
    }
    expect([await storedSets(gateway), await written(gateway)]).toEqual(before)
  },
)

test('what staff bases a set on is of the set’s account, never of their own', async () => {
  const { ada, staff } = await community()
  const { id } = await madeSet(ada)
  const { id: base } = await madeSet(ada)
  const { id: foreign } = await madeSet(staff)
  expect(await refusals(staff, UPDATE, { id, version: 1, baseSet: foreign })).toEqual([
    ['baseSet', 'This names no set of the account.'],
  ])
  const { data } = await ada.act('{ me { id } }', {})
  const account = data['me'].id
  expect(await refusals(staff, CREATE, { name: 'x', account, baseSet: foreign })).toEqual([
    ['baseSet', 'This names no set of the account.'],
  ])
  const based = await answered(staff, UPDATE, { id, version: 1, baseSet: base })
  expect(based.measurementSet.baseSet).toEqual({ id: base })
})
