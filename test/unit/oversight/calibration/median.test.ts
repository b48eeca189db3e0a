import { expect, test } from 'vitest'

import { median } from '../../../../src/oversight/calibration/median.ts'

test.each([
  [[5, 900, 1], 5],
  [[4, 1, 3, 2], 2.5],
  [[7], 7],
  [[], 0],
])('the median of %j is %d', (values, middle) => {
  expect(median(values)).toBe(middle)
})
