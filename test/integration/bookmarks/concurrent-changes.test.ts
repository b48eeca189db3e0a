import { describe, expect, test } from 'vitest'
import { crossed } from '../../support/crossed.ts'
import { testWriters } from '../../support/writers.ts'
import { answered } from '../measurement-sets/sets.ts'
import { CREATE, DELETE, LIST, PAGE, UPDATE } from './documents.ts'

const CONFLICT = { __typename: 'VersionConflict', code: 'VERSION_CONFLICT', currentVersion: 2 }

/** What two who have read the first version of a bookmark come to, and the bookmarks that there are then. */
async function both(first: string, second: string) {
  const { gateway, writer } = await testWriters()
  const ada = await writer('ada')
  const { bookmark } = await answered(ada, CREATE, PAGE)
  const read = { id: bookmark.id, version: 1 }
  const input = (document: string, title: string) =>
    document === UPDATE ? { ...read, title } : read
  const outcomes = await crossed(
    gateway.database,
    () => answered(ada, first, input(first, 'first')),
    () => answered(ada, second, input(second, 'second')),
  )
  return { outcomes, left: (await ada.act(LIST, {})).data['bookmarks'].nodes, bookmark }
}

describe('of two who have read the same version of a bookmark', () => {
  test('one changes it, and the other is told so', async () => {
    const { outcomes, left, bookmark } = await both(UPDATE, UPDATE)
    const changed = { ...bookmark, title: 'first', version: 2 }
    expect(outcomes).toEqual([{ bookmark: changed }, CONFLICT])
    expect(left).toEqual([changed])
  })

  test('one changes it, and the other does not delete what he has not read', async () => {
    const { outcomes, left, bookmark } = await both(UPDATE, DELETE)
    const changed = { ...bookmark, title: 'first', version: 2 }
    expect(outcomes).toEqual([{ bookmark: changed }, CONFLICT])
    expect(left).toEqual([changed])
  })

  test.each([UPDATE, DELETE])(
    'one deletes it, and for the other it is not there: %#',
    async (act) => {
      const { outcomes, left, bookmark } = await both(DELETE, act)
      expect(outcomes).toEqual([{ id: bookmark.id }, { __typename: 'NotFound', code: 'NOT_FOUND' }])
      expect(left).toEqual([])
    },
  )
})
