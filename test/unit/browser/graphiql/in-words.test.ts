import { expect, test } from 'vitest'

import { pointsInWords, waitInWords } from '../../../../src/browser/graphiql/in-words.ts'

test.each([
  [0, '0 points'],
  [1, '1 point'],
  [999, '999 points'],
  [1979, '1\u202F979 points'],
  [200_000, '200\u202F000 points'],
  [2_147_483_647, 'at least 2\u202F147\u202F483\u202F647 points'],
])('%d reads as "%s"', (points, words) => {
  expect(pointsInWords(points)).toBe(words)
})

test.each([
  [0.2, '1 s'],
  [119, '119 s'],
  [120, '2 min'],
  [121, '3 min'],
  [7199, '120 min'],
  [7200, '2 h'],
  [80_000, '23 h'],
])('a wait of %d s reads as "%s"', (seconds, words) => {
  expect(waitInWords(seconds)).toBe(words)
})
