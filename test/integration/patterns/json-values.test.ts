import { describe, expect, test } from 'vitest'
import { testWriters } from '../../support/writers.ts'
import { CREATE as CREATE_SET } from '../measurement-sets/documents.ts'
import { refusals } from '../measurement-sets/sets.ts'
import { CREATE } from './documents.ts'
import { madePattern, seenPattern, storedPatterns } from './patterns.ts'

/** Lists in one another, this many. */
function nested(depth: number): unknown {
  return JSON.parse('['.repeat(depth) + ']'.repeat(depth))
}

const NEW = { design: 'aaron', name: 'x' }

describe('settings and data', () => {
  test('come back as they were sent, whatever their members are called', async () => {
    const { writer } = await testWriters()
    const ada = await writer('ada')
    const text =
      '{"__proto__":{"polluted":true},"constructor":1,"":"empty","a\\nb":"\\u0001 \\ud800 \\u2028","n":[-0.5,1e300,12345678.125]}'
    const { id, settings, data } = await madePattern(ada, {
      settings: JSON.parse(text),
      data: JSON.parse(text),
    })
    expect([JSON.stringify(settings), JSON.stringify(data)]).toEqual([
      JSON.stringify(JSON.parse(text)),
      JSON.stringify(JSON.parse(text)),
    ])
    expect(Object.hasOwn((await seenPattern(ada, id)).data, '__proto__')).toBe(true)
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
  })

  test('may be written into the document, variables among them', async () => {
    const { writer } = await testWriters()
    const ada = await writer('ada')
    const { data } = await ada.act(
      `mutation ($sa: Int, $name: String!) {
        createPattern(input: { design: "aaron", name: $name, settings: { sa: $sa, only: [FRONT, "back"], measurements: { chest: 900.5 } }, data: {} }) {
          ... on PatternPayload { pattern { settings data } }
        }
      }`,
      { sa: 10, name: 'x' },
    )
    expect(data['createPattern'].pattern).toEqual({
      settings: { sa: 10, only: ['FRONT', 'back'], measurements: { chest: 900.5 } },
      data: {},
    })
  })

  test('have at most 64000 bytes each, counted as UTF-8', async () => {
    const { gateway, writer } = await testWriters()
    const ada = await writer('ada')
    // {"t":"…"} is eight signs beside the text.
    const [fits, exceeds] = [{ t: 'é'.repeat(31_996) }, { t: 'é'.repeat(31_996) + 'x' }]
    const TOO_LARGE = 'As JSON it has at most 64000 bytes.'
    expect(await refusals(ada, CREATE, { ...NEW, settings: exceeds, data: exceeds })).toEqual([
      ['settings', TOO_LARGE],
      ['data', TOO_LARGE],
    ])
    expect(await storedPatterns(gateway)).toEqual([])
    expect(await madePattern(ada, { settings: fits, data: fits })).toMatchObject({ data: fits })
  })

  test.each([['a text'], [7], [true], [[]]])('are no %j', async (value) => {
    const { writer } = await testWriters()
    const ada = await writer('ada')
    const told = await refusals(ada, CREATE, { ...NEW, settings: value, data: value })
    expect(told).toEqual([
      ['settings', 'This is a JSON object.'],
      ['data', 'This is a JSON object.'],
    ])
  })

  test.each([[[1]], [null], ['900'], [7]])('have no measurements that are %j', async (value) => {
    const { writer } = await testWriters()
    const ada = await writer('ada')
    expect(await refusals(ada, CREATE, { ...NEW, settings: { measurements: value } })).toEqual([
      [
        'settings.measurements',
        'The measurements of a pattern are an object: names, and a number for each.',
      ],
    ])
  })

  test.each([
    ['settings', CREATE, (value: unknown) => ({ ...NEW, settings: { value } })],
    ['data', CREATE, (value: unknown) => ({ ...NEW, data: { value } })],
    ['measurements', CREATE_SET, (value: unknown) => ({ name: 'x', measurements: { value } })],
  ])(
    'are refused where they are too deep, or hold too large a number: %s',
    async (_, document, inputOf) => {
      const { gateway, writer } = await testWriters()
      const ada = await writer('ada')
      for (const value of [nested(32), nested(1_000), nested(300_000), JSON.parse('1e999')]) {
        const { status, codes } = await ada.act(document, { input: inputOf(value) })
        expect([status, codes]).toEqual([400, ['VARIABLE_INVALID']])
      }
      expect(await storedPatterns(gateway)).toEqual([])
    },
  )

  test('are as deep as 32', async () => {
    const { writer } = await testWriters()
    const ada = await writer('ada')
    const data = { value: nested(31) }
    expect(await madePattern(ada, { data })).toMatchObject({ data })
  })
})
