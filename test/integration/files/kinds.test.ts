import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { answered } from '../measurement-sets/sets.ts'
import { IMAGE, KINDS, MADE_AT, NOTES, published, PUBLISHED_AT } from './published.ts'

test.each(['curated-sets', 'patterns'] as const)(
  'a file of %s holds all of it, in JSON as in YAML',
  async (name) => {
    for (const [format, read] of [
      ['json', (text: string): unknown => JSON.parse(text)],
      ['yaml', (text: string): unknown => parse(text)],
    ] as const) {
      const { get, id } = await published(name, format)
      expect(read((await get()).body)).toEqual({
        ...KINDS[name].content,
        about: expect.stringContaining('millimetres'),
        id,
        createdAt: MADE_AT,
        updatedAt: PUBLISHED_AT,
      })
    }
  },
)

const IMPORT = `mutation ($input: ImportMeasurementSetsInput!) { importMeasurementSets(input: $input) {
  ... on ImportMeasurementSetsPayload {
    measurementSets(first: 2) { nodes { name notes image units public measurements } } ignored } } }`

test.each([
  ['json', {}],
  ['yaml', {}],
  ['csv', { unit: 'MM', name: 'Size 34' }],
])('a file of a curated set in %s is imported as an own one', async (format, options) => {
  const { writer, get } = await published('curated-sets', format)
  const ada = await writer('ada')
  const { body: text } = await get()
  const input = { format: format.toUpperCase(), text, ...options }
  const { measurementSets, ignored } = await answered(ada, IMPORT, input)
  const isTable = format === 'csv'
  expect([measurementSets.nodes, ignored]).toEqual([
    [
      {
        name: 'Size 34',
        notes: isTable ? null : NOTES,
        image: isTable ? null : IMAGE,
        units: 'METRIC',
        public: false,
        measurements: { chest: 830, shoulderSlope: 13, waist: 655.5 },
      },
    ],
    [],
  ])
})
