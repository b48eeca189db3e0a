import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { writePattern } from '../../../../src/measurements/formats/write-pattern.ts'
import { writeSet } from '../../../../src/measurements/formats/write-set.ts'

const SET = {
  id: 'set_9fGkm',
  name: '=1+1',
  units: 'imperial',
  notes: null,
  image: 'https://pictures.example/ada.png',
  createdAt: new Date('2026-01-02T03:04:05.678Z'),
  updatedAt: new Date('2026-02-02T03:04:05.678Z'),
  measurements: { shoulderSlope: 13, chest: 914.4 },
} as const

function readJson(text: string): unknown {
  return JSON.parse(text)
}

function readYaml(text: string): unknown {
  return parse(text)
}

const EXPORTED = {
  author: 'ada',
  type: 'measurementsSet',
  about: expect.stringMatching(/millimetres.*degrees/),
  id: 'set_9fGkm',
  createdAt: '2026-01-02T03:04:05.678Z',
  img: 'https://pictures.example/ada.png',
  name: '=1+1',
  notes: null,
  updatedAt: '2026-02-02T03:04:05.678Z',
  measurements: { shoulderSlope: 13, chest: 914.4 },
  units: 'imperial',
}

test.each([
  ['json', readJson],
  ['yaml', readYaml],
] as const)('a set has in %s the members that the FreeSewing backend exports', (format, read) => {
  const exported = read(writeSet(SET, format, { author: 'ada', unit: 'CM' }))
  expect(exported).toEqual(EXPORTED)
  expect(Object.keys(Object(exported))).toEqual(Object.keys(EXPORTED))
  expect(read(writeSet(SET, format))).toEqual({ ...EXPORTED, author: null })
})

test.each([
  ['MM', 'chest,shoulderSlope\r\n914.4,13\r\n'],
  ['CM', 'chest,shoulderSlope\r\n91.44,13\r\n'],
  ['INCH', 'chest,shoulderSlope\r\n36,13\r\n'],
] as const)('a set is a table of its names and values in %s, and of nothing else', (unit, text) => {
  expect(writeSet(SET, 'csv', { unit })).toBe(text)
  expect(writeSet(SET, 'csv')).toBe('chest,shoulderSlope\r\n914.4,13\r\n')
})

test.each([
  ['json', readJson],
  ['yaml', readYaml],
] as const)('a pattern is written in %s', (format, read) => {
  const { units: _, measurements: __, ...of } = SET
  const settings = { sa: 10, measurements: { chest: 914.4 }, options: [1, { a: null }] }
  const own = { design: 'brian', settings, data: { notes: 'no: "1"' }, measurementSet: 'set_9fGkm' }
  const exported = read(writePattern({ ...of, ...own }, format, { author: 'ada' }))
  const { units: ___, measurements: ____, ...same } = EXPORTED
  const expected = { ...same, ...own, type: 'pattern' }
  expect(exported).toEqual(expected)
  expect(Object.keys(Object(exported))).toEqual(Object.keys(expected))
})

test('a pattern with much in it is written in YAML as it is, whatever it holds', () => {
  const { units: _, measurements: __, ...of } = SET
  const odd = { 'a: "b"\n# c': ['\t\u0085\u2028\ufeff', -0.5, 1e300, null, true, {}, []] }
  const settings = {
    ...odd,
    much: Array.from({ length: 3_000 }, (_each, i) => ({ [`k${i}`]: 'no' })),
  }
  const data = { ['k'.repeat(2_000)]: 'x'.repeat(8_000) }
  const own = { design: 'brian', settings, data, measurementSet: null }
  expect(readYaml(writePattern({ ...of, ...own }, 'yaml'))).toMatchObject({ settings, data })
})
