import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'

import { csvLine } from '../../src/csv.ts'

test('cells stand between commas, and nothing is an empty one', () => {
  expect(csvLine(['Sets', 12.5, null, '', -3])).toBe('Sets,12.5,,,-3\r\n')
})

test('what would end a cell stands in quotation marks', () => {
  const cells = ['a,b', 'say "yes"', 'one\r\ntwo', 'plain']
  expect(csvLine(cells)).toBe('"a,b","say ""yes""","one\r\ntwo",plain\r\n')
  expect(parse(csvLine(cells))).toEqual([cells])
})

describe('a text that a spreadsheet would run', () => {
  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', '="a","b"'])(
    'stands behind an apostrophe: %j',
    (text) => {
      expect(parse(csvLine([text]))).toEqual([[`'${text}`]])
    },
  )

  test('is none where the sign comes later', () => {
    expect(csvLine(['a=1', '1-2'])).toBe('a=1,1-2\r\n')
  })
})
