import { describe, expect, test } from 'vitest'
import { pageSize } from '../../../src/cost/page-size.ts'

describe('a page holds', () => {
  test.each([
    [{}, 'forward', 20],
    [{ first: null }, 'forward', 20],
    [{ first: null, last: null }, 'forward', 20],
    [{ first: undefined, last: undefined }, 'forward', 20],
    [{ first: 1 }, 'forward', 1],
    [{ first: 100 }, 'forward', 100],
    [{ first: 7, last: null }, 'forward', 7],
    [{ last: 1 }, 'backward', 1],
    [{ last: 100 }, 'backward', 100],
    [{ first: null, last: 7 }, 'backward', 7],
  ] as const)('for %o, %s, %d items', (values, direction, size) => {
    expect(pageSize(values)).toEqual({ kind: 'page', direction, size })
  })
})

describe('no page is', () => {
  test.each([
    [{ first: 0 }, 'first', 'first is 0; a page holds 1 to 100 items.'],
    [{ first: -1 }, 'first', 'first is -1; a page holds 1 to 100 items.'],
    [{ first: 101 }, 'first', 'first is 101; a page holds 1 to 100 items.'],
    [{ last: 0 }, 'last', 'last is 0; a page holds 1 to 100 items.'],
    [{ last: 2_147_483_647 }, 'last', 'last is 2147483647; a page holds 1 to 100 items.'],
    [{ first: 1.5 }, 'first', 'first is 1.5; a page holds 1 to 100 items.'],
    [{ first: '20' }, 'first', 'first is "20"; a page holds 1 to 100 items.'],
    [{ first: 1, last: 1 }, 'last', 'Give first or last, not both.'],
    [{ first: 0, last: 101 }, 'last', 'Give first or last, not both.'],
  ])('%o', (values, argument, message) => {
    expect(pageSize(values)).toEqual({ kind: 'invalid', argument, message })
  })
})
