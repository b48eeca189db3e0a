import { describe, expect, test } from 'vitest'

import { areTold, leastSquares, rank } from '../../../../src/oversight/calibration/least-squares.ts'

describe('least squares', () => {
  test('finds the factors that made the values', () => {
    const columns = [
      [1, 1, 1, 1],
      [1, 2, 5, 9],
      [0, 3, 1, 0],
    ]
    const [a, b, c] = leastSquares(columns, [2 - 3, 2 - 6 + 1.5, 2 - 15 + 0.5, 2 - 27])
    expect(a).toBeCloseTo(2, 9)
    expect(b).toBeCloseTo(-3, 9)
    expect(c).toBeCloseTo(0.5, 9)
  })

  test('comes nearest where nothing fits', () => {
    expect(leastSquares([[1, 1, 1]], [1, 2, 6])).toEqual([expect.closeTo(3, 12)])
  })

  test('gives nothing to a column that those before it make up', () => {
    const columns = [
      [1, 2, 3],
      [2, 4, 6],
      [0, 0, 0],
    ]
    expect(leastSquares(columns, [3, 6, 9])).toEqual([expect.closeTo(3, 12), 0, 0])
  })
})

describe('what values can tell', () => {
  test('is every column that no sum of others makes up', () => {
    const [apart, one, twice] = [
      [0, 1, 0, 7],
      [1, 2, 3, 4],
      [2, 4, 6, 8],
    ]
    expect(areTold([apart, one, twice])).toEqual([true, false, false])
    expect(rank([apart, one, twice])).toBe(2)
  })

  test('is less than all of them where there are more columns than rows', () => {
    const columns = [
      [1, 2],
      [3, 1],
      [1, 1],
    ]
    expect(rank(columns)).toBe(2)
    expect(areTold(columns)).toEqual([false, false, false])
  })

  test('is nothing about a column of zeros', () => {
    expect(
      areTold([
        [0, 0],
        [1, 2],
      ]),
    ).toEqual([false, true])
  })
})
