import { GraphQLScalarType, Kind, parseConstValue, valueFromAST } from 'graphql'
import { describe, expect, test } from 'vitest'
import { schema } from '../../../src/schema/schema.ts'

const dateTime = scalarNamed('DateTime')

function scalarNamed(name: string): GraphQLScalarType {
  const type = schema.getType(name)
  if (!(type instanceof GraphQLScalarType)) throw new Error(`${name} is no scalar.`)
  return type
}

describe('a DateTime is', () => {
  test.each([
    ['2026-01-31T12:00:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31t12:00:00z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00.5+02:00', '2026-01-31T10:00:00.500Z'],
    ['2026-01-31T12:00:00.123456789-00:30', '2026-01-31T12:30:00.123Z'],
    ['2028-02-29T23:59:59Z', '2028-02-29T23:59:59.000Z'],
    ['2026-01-31T12:00:00.000+00:00', '2026-01-31T12:00:00.000Z'],
  ])('%s', (text, moment) => {
    expect(dateTime.parseValue(text)).toEqual(new Date(moment))
    expect(valueFromAST({ kind: Kind.STRING, value: text }, dateTime)).toEqual(new Date(moment))
  })
})

describe('no DateTime is', () => {
  test.each([
    ['a date', '2026-01-31'],
    ['a time without an offset', '2026-01-31T12:00:00'],
    ['a time without seconds', '2026-01-31T12:00Z'],
    ['a space for the T', '2026-01-31 12:00:00Z'],
    ['a month that is none', '2026-13-01T00:00:00Z'],
    ['the 30th of February', '2026-02-30T00:00:00Z'],
    ['the 29th of February of a year that has none', '2026-02-29T00:00:00Z'],
    ['the 31st of April, elsewhere', '2026-04-31T00:00:00+02:00'],
    ['the hour 24', '2026-01-31T24:00:00Z'],
    ['an offset of 24 hours', '2026-01-31T12:00:00+24:00'],
    ['a year of five digits', '12026-01-31T12:00:00Z'],
    ['a line break behind', '2026-01-31T12:00:00Z\n'],
    ['ten digits of a second', '2026-01-31T12:00:00.1234567890Z'],
    ['a number', 1_769_860_800_000],
    ['a Date', new Date(0)],
    ['nothing', ''],
  ])('%s', (_what, value) => {
    expect(() => dateTime.parseValue(value)).toThrow('RFC 3339')
  })

  test('a literal that is no text', () => {
    expect(valueFromAST({ kind: Kind.INT, value: '2026' }, dateTime)).toBeUndefined()
  })
})

describe('JSON', () => {
  const json = scalarNamed('JSON')

  test.each([
    ['null', null],
    ['"text"', 'text'],
    ['-12.5e2', -1250],
    ['[1, [true], {}]', [1, [true], {}]],
    ['{ a: { b: [FRONT] } }', { a: { b: ['FRONT'] } }],
    ['"""block"""', 'block'],
  ])('is read from the literal %s', (text, value) => {
    expect(json.parseLiteral(parseConstValue(text), {})).toEqual(value)
  })

  test('holds a member called __proto__ like any other', () => {
    const read = json.parseLiteral(parseConstValue('{ __proto__: { a: 1 } }'), {})
    expect(JSON.stringify(read)).toBe('{"__proto__":{"a":1}}')
  })

  test('is as deep as 32, and no deeper', () => {
    for (const depth of [0, 1, 32]) {
      const text = depth === 0 ? '1' : nested(depth)
      expect(json.parseLiteral(parseConstValue(text), {})).toEqual(JSON.parse(text))
      expect(json.parseValue(JSON.parse(text))).toEqual(JSON.parse(text))
    }
    for (const depth of [33, 500, 100_000]) {
      expect(() => json.parseValue(JSON.parse(nested(depth)))).toThrow('At most 32')
    }
    expect(() => json.parseLiteral(parseConstValue(nested(33)), {})).toThrow('At most 32')
  })

  test.each(['1e999', '[-1e999]', '{"a":{"b":1e400}}'])('holds no number like %s', (text) => {
    expect(() => json.parseValue(JSON.parse(text))).toThrow('beyond what a double holds')
  })
})

function nested(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth)
}
