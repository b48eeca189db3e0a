import { describe, expect, test } from 'vitest'
import { ACCOUNT_ORDERS, accountProfileRows } from '../../../../src/schema/account/account.sql.ts'
import { bookmarkRows } from '../../../../src/schema/bookmark/bookmark.sql.ts'
import { formatId } from '../../../../src/ids.ts'
import { measurementSetRows } from '../../../../src/schema/measurement-set/measurement-set.sql.ts'
import { DATED_ORDERS } from '../../../../src/schema/pages.ts'
import { parseCursor } from '../../../../src/schema/plan/cursor.ts'

const UUID = '019a0000-0000-7000-8000-000000000001'
const SLUG = formatId('set', UUID).slice('set_'.length)
const { CREATED_AT, UPDATED_AT } = DATED_ORDERS

/** A cursor as the statement writes one. */
function cursor(plain: string): string {
  return Buffer.from(plain).toString('base64url')
}

function position(text: unknown) {
  return parseCursor(text, measurementSetRows, CREATED_AT)
}

describe('a cursor', () => {
  test('names the moment and the row behind which a page goes on', () => {
    const key = new Date('2026-01-31T12:00:00.123Z')
    expect(position(cursor(`set.created:${SLUG}:${key.getTime()}`))).toEqual({
      key: '2026-01-31T12:00:00.123Z',
      uuid: UUID,
    })
  })

  test('of a list by text holds any text, colons included', () => {
    const text = cursor(`acc.username:${SLUG}:a:b "c" 'd'`)
    expect(parseCursor(text, accountProfileRows, ACCOUNT_ORDERS.USERNAME)).toEqual({
      key: `a:b "c" 'd'`,
      uuid: UUID,
    })
  })

  test('belongs to one list and one order', () => {
    const text = cursor(`set.created:${SLUG}:0`)
    expect(parseCursor(text, measurementSetRows, CREATED_AT)).not.toBeNull()
    expect(parseCursor(text, measurementSetRows, UPDATED_AT)).toBeNull()
    expect(parseCursor(text, bookmarkRows, CREATED_AT)).toBeNull()
    expect(parseCursor(text, accountProfileRows, ACCOUNT_ORDERS.USERNAME)).toBeNull()
  })
})

describe('no cursor is', () => {
  test.each([
    ['a number', 1],
    ['an empty text', ''],
    ['an id', formatId('set', UUID)],
    ['plain text', `set.created:${SLUG}:0`],
    ['base64 with its own alphabet and padding', `${cursor('x')}+/==`],
    ['a line break', `${cursor(`set.created:${SLUG}:0`)}\n`],
    ['513 characters', 'a'.repeat(513)],
    ['bytes that are no text', Buffer.alloc(30, 0xff).toString('base64url')],
    ['a tag alone', cursor('set.created')],
    ['a tag and a row', cursor(`set.created:${SLUG}`)],
    ['an empty key', cursor(`set.created:${SLUG}:`)],
    ['a row that is no id', cursor('set.created:constructor:0')],
    ['a key that is no number', cursor(`set.created:${SLUG}:1e3`)],
    ['a negative key', cursor(`set.created:${SLUG}:-1`)],
    ['a key with a fraction', cursor(`set.created:${SLUG}:1.5`)],
    ['a key and more', cursor(`set.created:${SLUG}:0:0`)],
    ['a moment behind the year 9999', cursor(`set.created:${SLUG}:253402300800000`)],
    ['a key of 16 digits', cursor(`set.created:${SLUG}:${'0'.repeat(16)}`)],
  ])('%s', (_what, text) => {
    expect(position(text)).toBeNull()
  })

  test('a text that PostgreSQL can not hold', () => {
    const text = cursor(`acc.username:${SLUG}:a\0`)
    expect(parseCursor(text, accountProfileRows, ACCOUNT_ORDERS.USERNAME)).toBeNull()
  })
})
