import { readFileSync } from 'node:fs'

import { measurements as published } from '@freesewing/config'
import { expect, test } from 'vitest'

import { makeDesigns, type PackagedDesign } from '../../../db/designs/make-designs.ts'
import { bitsOf, DESIGNS } from '../../../src/database/designs.ts'
import { MEASUREMENT_NAMES, measuredBits } from '../../../src/measurements/definitions.ts'
import { DEMO_PATTERNS } from '../../../src/seed/demo-people.ts'

const designs: readonly PackagedDesign[] = JSON.parse(
  readFileSync(new URL('../../../db/designs/designs.json', import.meta.url), 'utf8'),
)
const codes = designs.map(({ code }) => code)

test('the designs are those of the file, in its order', () => {
  expect(DESIGNS).toEqual(designs)
})

test('the committed entry of a design is what its package says', async () => {
  const installed = await makeDesigns('node_modules')
  expect(installed.map(({ code }) => code)).toContain('brian')
  for (const design of installed) expect(designs).toContainEqual(design)
})

test('there are at least 20 designs, by code, each code once and such as patterns name', () => {
  expect(codes.length).toBeGreaterThanOrEqual(20)
  expect(codes).toEqual([...new Set(codes)].toSorted())
  for (const code of codes) expect(code).toMatch(/^[a-z][a-z0-9-]{0,63}$/)
})

test.each(designs)('$code has a name, a version and a description', (design) => {
  expect(design.name.toLowerCase()).toBe(design.code)
  expect(design.name).not.toBe(design.code)
  expect(design.version).toMatch(/^4\.10\.\d+$/)
  expect(design.description).toMatch(/^A FreeSewing pattern for \w/)
})

test.each(designs)(
  '$code needs published measurements, each once, none of them as optional',
  (design) => {
    const { measurements, optionalMeasurements } = design
    const all = new Set([...measurements, ...optionalMeasurements])
    expect(all.size).toBe(measurements.length + optionalMeasurements.length)
    expect(measurements).toEqual(inOrder(measurements))
    expect(optionalMeasurements).toEqual(inOrder(optionalMeasurements))
  },
)

test('a tank top needs what its block needs, but for the sleeve', () => {
  const [aaron, brian] = ['aaron', 'brian'].map((code) => designs.find((one) => one.code === code))
  expect(aaron?.measurements).toEqual([
    'biceps',
    'chest',
    'hips',
    'hpsToBust',
    'hpsToWaistBack',
    'neck',
    'shoulderSlope',
    'shoulderToShoulder',
    'waistToArmpit',
    'waistToHips',
  ])
  expect(aaron?.optionalMeasurements).toEqual(['highBust'])
  expect(brian?.measurements).toEqual(
    expect.arrayContaining(['shoulderToWrist', 'wrist', 'shoulderToShoulder']),
  )
})

test('wrap pants need four measurements, and sit better with two more', () => {
  const waralee = designs.find(({ code }) => code === 'waralee')
  expect(waralee?.measurements).toEqual(['crotchDepth', 'inseam', 'seat', 'waistToHips'])
  expect(waralee?.optionalMeasurements).toEqual(['waist', 'waistBack'])
})

test('a shark needs no measurement and is a design all the same', () => {
  const hi = designs.find(({ code }) => code === 'hi')
  expect(hi).toMatchObject({ measurements: [], optionalMeasurements: [] })
})

test('bits of names are those of a set that holds just these', () => {
  expect(bitsOf([])).toBe(0n)
  expect(bitsOf(['ankle'])).toBe(1n)
  expect(bitsOf(['wrist', 'chest'])).toBe(measuredBits({ chest: 900, wrist: 160 }))
  expect(bitsOf(MEASUREMENT_NAMES)).toBe((1n << 38n) - 1n)
})

test('the demo drafts no pattern from a design that is not known', () => {
  expect(codes).toEqual(expect.arrayContaining(DEMO_PATTERNS.map(({ design }) => design)))
})

function inOrder(names: readonly string[]): readonly string[] {
  return published.filter((name) => names.includes(name))
}
