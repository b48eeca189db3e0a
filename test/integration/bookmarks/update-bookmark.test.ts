import { describe, expect, test } from 'vitest'
import { testWriters } from '../../support/writers.ts'
import { answered, refusals } from '../measurement-sets/sets.ts'
import { CREATE, LIST, PAGE, UPDATE } from './documents.ts'

async function bookmarked() {
  const { gateway, writer } = await testWriters()
  const ada = await writer('ada')
  const { bookmark } = await answered(ada, CREATE, PAGE)
  const rows = () => gateway.database.kysely.selectFrom('bookmark').selectAll().execute()
  return { ada, bookmark, rows }
}

describe('a bookmark that is changed', () => {
  test('is told all that is wrong with it at once, and stays as it is', async () => {
    const { ada, bookmark, rows } = await bookmarked()
    const before = await rows()
    for (const title of ['', ' ', 'x'.repeat(256)]) {
      const url = `https://example.org/${'x'.repeat(1_004)}`
      const told = await refusals(ada, UPDATE, { id: bookmark.id, version: 0, title, url })
      expect(told).toEqual([
        ['title', 'A title has 1 to 255 characters.'],
        ['url', 'The address of a bookmark has at most 1023 characters.'],
        ['version', expect.any(String)],
      ])
    }
    expect(await rows()).toEqual(before)
  })

  test.each([
    'docs',
    'javascript:alert(1)',
    'data:text/html,x',
    'https://name:secret@example.org/',
    '//example.org/',
    '/\\example.org/',
  ])('does not come to lead to %j', async (url) => {
    const { ada, bookmark, rows } = await bookmarked()
    const before = await rows()
    expect(await refusals(ada, UPDATE, { id: bookmark.id, version: 1, url })).toEqual([
      ['url', 'A bookmark leads to an http(s):// address, or to a path such as /docs.'],
    ])
    expect(await rows()).toEqual(before)
  })

  test('takes the longest texts that there are, and titles without the space around them', async () => {
    const { ada, bookmark } = await bookmarked()
    const longest = { title: '🧵'.repeat(255), url: `/${'x'.repeat(1_022)}` }
    const input = { id: bookmark.id, version: 1, ...longest, title: ` ${longest.title} ` }
    const changed = { ...bookmark, ...longest, version: 2 }
    expect(await answered(ada, UPDATE, input)).toEqual({ bookmark: changed })
    expect((await ada.act(LIST, {})).data['bookmarks'].nodes).toEqual([changed])
  })
})
