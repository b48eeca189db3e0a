import { expect, test } from 'vitest'

import { createRandom } from '../../../src/seed/random.ts'
import { createZipf } from '../../../src/seed/zipf.ts'

function draw(...seeds: number[]): number[] {
  const random = createRandom(...seeds)
  return Array.from({ length: 10_000 }, () => random.next())
}

test('equal seeds give equal numbers', () => {
  expect(draw(1, 2, 3)).toEqual(draw(1, 2, 3))
})

test('near seeds, and the same seeds in another order, give unlike numbers', () => {
  const first = new Set(draw(1, 2))
  expect([...draw(1, 3), ...draw(2, 1)].filter((number) => first.has(number)).length).toBeLessThan(
    5,
  )
})

test('numbers lie from 0 up to 1 and are evenly spread', () => {
  const numbers = draw(7)
  const tenths = Array.from(
    { length: 10 },
    (_, tenth) => numbers.filter((number) => Math.floor(number * 10) === tenth).length,
  )
  expect(tenths.reduce((sum, count) => sum + count)).toBe(10_000)
  expect(Math.min(...tenths)).toBeGreaterThan(850)
  expect(Math.max(...tenths)).toBeLessThan(1150)
})

test('nothing can be picked from nothing', () => {
  expect(() => createRandom(1).pick([])).toThrow('nothing to pick from')
})

test('low ranks come up in proportion to their weight', () => {
  const zipf = createZipf(1000, 1)
  const ranks = draw(3).map(zipf)
  const count = (rank: number): number => ranks.filter((found) => found === rank).length
  expect(count(0) / count(1)).toBeCloseTo(2, 0)
  expect(count(0)).toBeGreaterThan(5 * count(9))
})

test('every rank is within bounds, at both ends of the numbers', () => {
  const zipf = createZipf(5, 1)
  expect(zipf(0)).toBe(0)
  expect(zipf(1 - 2 ** -53)).toBe(4)
  expect(createZipf(1, 1)(0.5)).toBe(0)
})
