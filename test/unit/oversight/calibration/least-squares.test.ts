import { describe, expect, test } from 'vitest'

import { apartness, leastSquares } from '../../../../src/oversight/calibration/least-squares.ts'

const closeTo0: unknown = expect.closeTo(0, 12)

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

describe('how far columns are apart', () => {
  test('is what no sum of others makes up', () => {
    const [apart, one, twice] = [
      [0, 0, 0, 7],
      [1, 2, 3, 0],
      [2, 4, 6, 0],
    ]
    expect(apartness([apart, one, twice])).toEqual([1, closeTo0, closeTo0])
    expect(apartness([apart, one])).toEqual([1, 1])
  })

  test('is little for columns that are nearly the same', () => {
    const [first, second] = apartness([
      [1, 0],
      [1, 0.01],
    ])
    expect(first).toBeCloseTo(0.01, 4)
    expect(second).toBeCloseTo(0.01, 4)
  })

  test('is nothing where there are more columns than rows', () => {
    const columns = [
      [1, 2],
      [3, 1],
      [1, 1],
    ]
    expect(apartness(columns)).toEqual([closeTo0, closeTo0, closeTo0])
  })

  test('is nothing for a column of zeros', () => {
    expect(
      apartness([
        [0, 0],
        [1, 2],
      ]),
    ).toEqual([0, expect.closeTo(1, 12)])
  })
})
