import { describe, expect, test } from 'vitest'
import { type Fields, published } from './published.ts'

const FILES = [
  ['curated-sets', 'json', 'application/json; charset=utf-8'],
  ['curated-sets', 'yaml', 'application/yaml; charset=utf-8'],
  ['curated-sets', 'csv', 'text/csv; charset=utf-8; header=present'],
  ['patterns', 'json', 'application/json; charset=utf-8'],
  ['patterns', 'yaml', 'application/yaml; charset=utf-8'],
] as const

describe.each(FILES)('a public file of %s in %s', (name, format, mediaType) => {
  test('is had by everybody, and says when it was changed', async () => {
    const { get, id } = await published(name, format)
    const { status, headers } = await get()
    expect([status, headers]).toMatchObject([
      200,
      {
        'content-type': mediaType,
        'content-disposition': `inline; filename="${id}.${format}"`,
        'cache-control': 'private, no-cache',
        etag: expect.stringMatching(/^"[\w-]{27}"$/),
        'last-modified': 'Sun, 01 Mar 2026 10:00:10 GMT',
        ratelimit: expect.stringContaining('anonymous'),
      },
    ])
  })

  test('is not sent to whoever has it, by its tag or by its date', async () => {
    const { get } = await published(name, format)
    const { headers } = await get()
    const { etag = '', 'last-modified': date = '' } = headers
    const held: readonly Fields[] = [
      { 'if-none-match': etag },
      { 'if-none-match': `"other", W/${etag}` },
      { 'if-modified-since': date },
      { 'if-modified-since': 'Sun, 01 Mar 2026 10:00:11 GMT' },
    ]
    for (const known of held) {
      const again = await get(known)
      expect(again).toMatchObject({
        status: 304,
        body: '',
        headers: { etag, 'last-modified': date },
      })
      expect(again.headers['content-type']).toBeUndefined()
    }
  })

  test('is sent to whoever has an earlier one, with another tag and date', async () => {
    const { get, change } = await published(name, format)
    const before = await get()
    const { etag = '', 'last-modified': date = '' } = before.headers
    await change()
    const held: readonly Fields[] = [
      { 'if-none-match': etag },
      { 'if-modified-since': date },
      { 'if-none-match': etag, 'if-modified-since': 'Sun, 01 Mar 2026 10:01:00 GMT' },
    ]
    for (const known of held) {
      const { status, headers, body } = await get(known)
      expect([status, headers['last-modified']]).toEqual([200, 'Sun, 01 Mar 2026 10:00:20 GMT'])
      expect(headers['etag']).not.toBe(etag)
      expect(body).not.toBe(before.body)
    }
  })

  test('is there for nobody else once it is private again, whatever they have', async () => {
    const { get, getNothing, hide } = await published(name, format)
    const { headers } = await get()
    const { etag = '', 'last-modified': date = '' } = headers
    await hide()
    const missing = await getNothing()
    expect(missing.status).toBe(404)
    const held: readonly Fields[] = [
      {},
      { 'if-none-match': etag },
      { 'if-none-match': '*' },
      { 'if-modified-since': date },
    ]
    for (const known of held) {
      const { status, body, headers: fields } = await get(known)
      expect([status, body]).toEqual([404, missing.body])
      expect(fields['etag']).toBeUndefined()
    }
  })
})
