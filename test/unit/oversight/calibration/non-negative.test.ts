import { describe, expect, test } from 'vitest'

import { nonNegativeLeastSquares } from '../../../../src/oversight/calibration/non-negative.ts'
import { createRandom } from '../../../../src/seed/random.ts'

function sumOf(columns: readonly (readonly number[])[], factors: readonly number[]): number[] {
  return (columns[0] ?? []).map((_, row) =>
    columns.reduce((sum, column, at) => sum + (column[row] ?? 0) * (factors[at] ?? 0), 0),
  )
}

describe('non-negative least squares', () => {
  test.each([1, 2, 3, 4, 5])(
    'recovers the factors of random columns, zeros among them (%i)',
    (n) => {
      const random = createRandom(n)
      const columns = Array.from({ length: 8 }, () =>
        Array.from({ length: 20 }, () => random.below(50)),
      )
      const factors = columns.map((_, index) => (index % 3 === 1 ? 0 : random.below(1000) / 7))
      const found = nonNegativeLeastSquares(columns, sumOf(columns, factors))
      expect(found).toEqual(factors.map((factor) => expect.closeTo(factor, 6)))
    },
  )

  test('gives 0 where the best factor would be below it, and the others what is best then', () => {
    const columns = [
      [1, 1, 1],
      [0, 1, 2],
    ]
    expect(nonNegativeLeastSquares(columns, [3, 2, 1])).toEqual([expect.closeTo(2, 12), 0])
  })

  test('lets go of a column that it took first', () => {
    // The first column points most nearly at the values, and would need a factor below 0 beside the others.
    const columns = [
      [2, 2, 1],
      [1, 0, 0],
      [0, 1, 0],
    ]
    const found = nonNegativeLeastSquares(columns, [3, 3, -1])
    expect(found).toEqual([0, expect.closeTo(3, 9), expect.closeTo(3, 9)])
  })

  test('finds none for values that every column leads away from', () => {
    expect(nonNegativeLeastSquares([[1, 2]], [-1, -2])).toEqual([0])
    expect(nonNegativeLeastSquares([[1, 2]], [0, 0])).toEqual([0])
  })

  test('shares between columns that are the same, and fits as well', () => {
    const columns = [
      [1, 2, 3],
      [1, 2, 3],
      [1, 0, 0],
    ]
    const found = nonNegativeLeastSquares(columns, [5, 4, 6])
    expect(sumOf(columns, found)).toEqual([5, 4, 6].map((value) => expect.closeTo(value, 9)))
    expect(found.every((factor) => factor >= 0)).toBe(true)
  })

  test('passes by a column of zeros', () => {
    const columns = [
      [0, 0],
      [1, 2],
    ]
    expect(nonNegativeLeastSquares(columns, [2, 4])).toEqual([0, expect.closeTo(2, 12)])
  })
})
