import { GraphQLScalarType, Kind, valueFromAST } from 'graphql'
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
