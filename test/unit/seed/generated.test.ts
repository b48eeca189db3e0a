import { expect, test } from 'vitest'

import { measuredBits } from '../../../src/measurements/definitions.ts'
import { generateAccount, generatePattern, generateSet } from '../../../src/seed/generated.ts'

const COUNT = 500
const places = Array.from({ length: COUNT }, (_, index) => ({ index, count: COUNT, randomSeed: 1 }))
const wholeSets = places.map((at) => generateSet(at, 'whole'))

test('the same place gives the same row', () => {
  for (const at of places.slice(0, 20)) {
    expect(generateAccount(at)).toEqual(generateAccount(at))
    expect(generateSet(at, 'whole')).toEqual(generateSet(at, 'whole'))
    expect(generatePattern(at, {})).toEqual(generatePattern(at, {}))
  }
})

test('another random seed gives other rows', () => {
  const others = places.map((at) => generateSet({ ...at, randomSeed: 2 }, 'whole'))
  const equal = others.filter(
    ({ measurements }, index) =>
      JSON.stringify(measurements) === JSON.stringify(wholeSets[index]?.measurements),
  )
  expect(equal).toEqual([])
})

test('a set holds 25 to 38 measurements, and one that is based on another 3 to 8', () => {
  expect([Math.min(...sizes('whole')), Math.max(...sizes('whole'))]).toEqual([25, 38])
  expect([Math.min(...sizes('based')), Math.max(...sizes('based'))]).toEqual([3, 8])
})

test('every measurement is left out somewhere and present somewhere', () => {
  const bits = wholeSets.map(({ measurements }) => measuredBits(measurements))
  expect(bits.reduce((all, one) => all | one)).toBe((1n << 38n) - 1n)
  expect(bits.reduce((all, one) => all & one)).toBe(0n)
})

test('measurements are within the bounds that hold for everybody', () => {
  for (const { measurements } of wholeSets) {
    for (const [name, value] of Object.entries(measurements)) {
      expect(value).toBeGreaterThan(0)
      expect(value).toBeLessThanOrEqual(name === 'shoulderSlope' ? 90 : 10_000)
    }
  }
})

test('some sets are public, and most are not', () => {
  const shared = wholeSets.filter((set) => set.public).length
  expect(shared).toBeGreaterThan(COUNT * 0.06)
  expect(shared).toBeLessThan(COUNT * 0.2)
})

test('rows come in order, accounts before sets before patterns', () => {
  const times = [
    ...places.map((at) => generateAccount(at).createdAt.getTime()),
    ...wholeSets.map(({ createdAt }) => createdAt.getTime()),
    ...places.map((at) => generatePattern(at, {}).createdAt.getTime()),
  ]
  expect(times).toEqual(times.toSorted((a, b) => a - b))
})

test('no two accounts share a username', () => {
  expect(new Set(places.map((at) => generateAccount(at).username)).size).toBe(COUNT)
})

function sizes(kind: 'whole' | 'based'): number[] {
  return places.map((at) => Object.keys(generateSet(at, kind).measurements).length)
}
