import { expect, test } from 'vitest'
import { parseDuration } from '../../src/parse-duration.ts'

test.each([
  ['90s', 90],
  ['2m', 120],
  ['12h', 43_200],
  ['30d', 2_592_000],
  ['0s', 0],
])('%s is %i seconds', (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds)
})

test.each([
  '',
  's',
  '30',
  '30 d',
  '-5d',
  '+5d',
  '1.5h',
  '1e3s',
  '30D',
  '30w',
  '1d12h',
  '٣d',
  '1234567890s',
])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeNull()
})
