import { describe, expect, test } from 'vitest'

import { fitLine } from '../../../../src/oversight/calibration/fit-line.ts'

function measured(...pairs: readonly (readonly [points: number, taken: number])[]) {
  return pairs.map(([points, taken]) => ({ points, taken }))
}

describe('the line through what operations took', () => {
  test('is the one that they lie on, without an error', () => {
    const line = fitLine(measured([1, 110], [10, 200], [100, 1100], [40, 500]))
    expect(line?.perOperation).toBeCloseTo(100, 9)
    expect(line?.perPoint).toBeCloseTo(10, 9)
    expect(line?.perOperationError).toBeCloseTo(0, 9)
    expect(line?.perPointError).toBeCloseTo(0, 9)
    expect(line?.explained).toBeCloseTo(1, 12)
  })

  // Anscombe's first quartet, whose fit every textbook prints.
  test('has the errors of a published example', () => {
    const line = fitLine(
      measured(
        [10, 8.04],
        [8, 6.95],
        [13, 7.58],
        [9, 8.81],
        [11, 8.33],
        [14, 9.96],
        [6, 7.24],
        [4, 4.26],
        [12, 10.84],
        [7, 4.82],
        [5, 5.68],
      ),
    )
    expect(line?.perOperation).toBeCloseTo(3.0001, 4)
    expect(line?.perPoint).toBeCloseTo(0.5001, 4)
    expect(line?.perOperationError).toBeCloseTo(1.1247, 4)
    expect(line?.perPointError).toBeCloseTo(0.1179, 4)
    expect(line?.explained).toBeCloseTo(0.6665, 4)
  })

  test('explains nothing where points say nothing, and all of what never differs', () => {
    expect(fitLine(measured([1, 1], [2, 3], [3, 1]))?.explained).toBeCloseTo(0, 12)
    expect(fitLine(measured([1, 7], [2, 7], [3, 7]))).toMatchObject({ perPoint: 0, explained: 1 })
  })

  test('can not be told of two operations, nor of any number with the same points', () => {
    expect(fitLine(measured([1, 1], [2, 2]))).toBeNull()
    expect(fitLine(measured([5, 1], [5, 2], [5, 3]))).toBeNull()
  })
})
