import { describe, expect, test } from 'vitest'
import { describeActs, settled } from '../../support/describe-acts.ts'
import { testWriters } from '../../support/writers.ts'
import { answered, refusals, written } from '../measurement-sets/sets.ts'
import { CREATE, DELETE, LIST, PAGE, UPDATE } from './documents.ts'

describe('a bookmark', () => {
  test('is made, changed and deleted, and the access log tells of it', async () => {
    const { gateway, writer } = await testWriters()
    const ada = await writer('ada')
    const { bookmark } = await answered(ada, CREATE, { ...PAGE, title: ' Ease ' })
    const { id } = bookmark
    expect(bookmark).toEqual({ id: expect.stringMatching(/^bkm_/), ...PAGE, version: 1 })
    const renamed = await answered(ada, UPDATE, { id, version: 1, title: 'More of it' })
    expect(renamed.bookmark).toEqual({ ...bookmark, title: 'More of it', version: 2 })
    const rest = { type: 'CURATED_SET', url: 'https://example.org/?a=b#c' }
    const moved = await answered(ada, UPDATE, { id, version: 2, ...rest })
    expect(moved.bookmark).toEqual({ id, title: 'More of it', ...rest, version: 3 })
    expect((await ada.act(LIST, {})).data['bookmarks'].nodes).toEqual([moved.bookmark])
    expect(await answered(ada, DELETE, { id, version: 3 })).toEqual({ id })
    expect((await ada.act(LIST, {})).data['bookmarks'].nodes).toEqual([])
    expect((await written(gateway)).map(({ action, subject }) => [action, subject])).toEqual(
      ['create-bookmark', 'update-bookmark', 'update-bookmark', 'delete-bookmark'].map((action) => [
        action,
        id,
      ]),
    )
  })

  test('is told all that is wrong with it at once, and nothing is stored', async () => {
    const { gateway, writer } = await testWriters()
    const ada = await writer('ada')
    for (const title of [' ', 'x'.repeat(256)]) {
      const wrong = { type: 'DOC', title, url: `https://example.org/${'x'.repeat(1_004)}` }
      const told = await refusals(ada, CREATE, wrong)
      expect(told).toEqual([
        ['title', 'A title has 1 to 255 characters.'],
        ['url', 'The address of a bookmark has at most 1023 characters.'],
      ])
    }
    expect(await gateway.database.kysely.selectFrom('bookmark').selectAll().execute()).toEqual([])
    const longest = { title: '🧵'.repeat(255), url: `/${'x'.repeat(1_022)}` }
    expect((await answered(ada, CREATE, { ...PAGE, ...longest })).bookmark).toMatchObject(longest)
  })

  test.each([
    '/',
    '/designs/brian',
    '/docs?page=2#ease',
    'https://fabric.example.org/',
    'http://fabric.example.org/wool?q=a%20b',
    'HTTPS://fabric.example.org',
    'https://häkeln.example/muster',
  ])('leads to %s', async (url) => {
    const { writer } = await testWriters()
    const ada = await writer('ada')
    expect((await answered(ada, CREATE, { ...PAGE, url })).bookmark).toMatchObject({ url })
  })

  test.each([
    '',
    'docs',
    'fabric.example.org',
    'javascript:alert(1)',
    'java\nscript:alert(1)',
    ' https://example.org/',
    'https://example.org/a b',
    'https://exa\tmple.org/',
    'data:text/html,x',
    'file:///etc/passwd',
    'ftp://example.org/',
    'https:example.org',
    'https://',
    'https://name:secret@example.org/',
    '//example.org/',
    '/\\example.org/',
    '/docs\u2028',
  ])('does not lead to %j', async (url) => {
    const { writer } = await testWriters()
    const ada = await writer('ada')
    expect(await refusals(ada, CREATE, { ...PAGE, url })).toEqual([
      ['url', 'A bookmark leads to an http(s):// address, or to a path such as /docs.'],
    ])
  })

  test('of another version than the caller has read stays as it is', async () => {
    const { writer } = await testWriters()
    const ada = await writer('ada')
    const { bookmark } = await answered(ada, CREATE, PAGE)
    const { id } = bookmark
    const conflict = { __typename: 'VersionConflict', code: 'VERSION_CONFLICT', currentVersion: 1 }
    expect(await answered(ada, UPDATE, { id, version: 2, title: 'x' })).toEqual(conflict)
    expect(await answered(ada, DELETE, { id, version: 2 })).toEqual(conflict)
    expect((await ada.act(LIST, {})).data['bookmarks'].nodes).toEqual([bookmark])
  })

  test('is changed by one of the writers that have read the same version', async () => {
    const { writer } = await testWriters()
    const ada = await writer('ada')
    const { id } = (await answered(ada, CREATE, PAGE)).bookmark
    const titles = ['one', 'two', 'three', 'four']
    const answers = await Promise.all(
      titles.map((title) => answered(ada, UPDATE, { id, version: 1, title })),
    )
    const won = answers.findIndex(({ bookmark }) => bookmark !== undefined)
    expect(answers.filter(({ currentVersion }) => currentVersion === 2)).toHaveLength(3)
    expect((await ada.act(LIST, {})).data['bookmarks'].nodes).toMatchObject([
      { title: titles[won], version: 2 },
    ])
  })

  test('needs no consent to measurements', async () => {
    const { writer } = await testWriters()
    const shy = await writer('shy', { consent: 'account' }, { consent: 'account' })
    expect((await answered(shy, CREATE, PAGE)).bookmark).toMatchObject(PAGE)
  })

  test('is changed by no staff', async () => {
    const { gateway, writer, own } = await settled()
    const staff = await writer('staff', { level: 8, role: 'admin' }, { role: 'admin' })
    const before = await gateway.database.kysely.selectFrom('bookmark').selectAll().execute()
    const { bookmark: id } = own
    const update = await answered(staff, UPDATE, { id, version: 1, title: 'x' })
    expect([update, await answered(staff, DELETE, { id })]).toMatchObject([
      { code: 'NOT_FOUND' },
      { code: 'NOT_FOUND' },
    ])
    const after = await gateway.database.kysely.selectFrom('bookmark').selectAll().execute()
    expect(after).toEqual(before)
  })
})

describeActs(
  {
    createBookmark: {
      document: CREATE,
      input: () => PAGE,
      other: () => ({ ...PAGE, title: 'Other' }),
      names: null,
    },
    updateBookmark: {
      document: UPDATE,
      input: ({ bookmark: id }) => ({ id, version: 1, title: 'renamed' }),
      other: ({ bookmark: id }) => ({ id, version: 1, title: 'renamed again' }),
      names: 'id',
    },
    deleteBookmark: {
      document: DELETE,
      input: ({ bookmark: id }) => ({ id }),
      other: ({ bookmark: id }) => ({ id, version: 1 }),
      names: 'id',
    },
  },
  'bookmark',
)
