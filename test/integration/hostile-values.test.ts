import { describe, expect, test } from 'vitest'
import { ApiError } from '../../src/errors.ts'
import { plannedCommunity } from '../support/planned-community.ts'
import { principalNamed } from '../support/planned-request.ts'

const community = await plannedCommunity()
const ada = principalNamed('ada 5')

const VALUES: Readonly<Record<string, string>> = {
  'a quote and a statement': "'; drop table account; --",
  'double quotes': '"; delete from account; --"',
  'a parameter': '$1',
  'a dollar quote': '$$ || pg_sleep(10) || $$',
  'a backslash and a quote': "\\'",
  'an escape string': "E'\\x27'",
  'the wildcards of like': '%_',
  'the characters of an array': '{"a",NULL}',
  'the mark of a slot': '\u00010\u0001',
  'the mark of a part': '\u0002\u0002',
  'a NUL': '\u0000',
  'a NUL in the middle': 'a\u0000b',
  'a lone high surrogate': '\ud800',
  'a lone low surrogate': 'a\udfff',
  'a sign that grows under normalization': '\ufdfa'.repeat(40),
  'a name that every object inherits': '__proto__',
  'a line break': 'a\nb',
  nothing: '',
  '100 kB': 'x'.repeat(100_000),
  '100 kB of quotes': `'"\\`.repeat(33_000),
}

/** Every argument that takes a text, by what an operation with it looks like. */
const PLACES: Readonly<Record<string, readonly [type: string, selection: string]>> = {
  'account(username:)': ['String!', 'account(username: $v) { id }'],
  'accounts(usernameStartsWith:)': [
    'String',
    'accounts(usernameStartsWith: $v) { totalCount nodes { id } }',
  ],
  'measurementSets(filter:)': [
    'String',
    'measurementSets(filter: { nameEquals: $v }) { totalCount nodes { id } }',
  ],
  'patterns(filter:) by name': [
    'String',
    'patterns(filter: { nameEquals: $v }) { totalCount nodes { id } }',
  ],
  'patterns(filter:) by design': [
    'String',
    'patterns(filter: { design: $v }) { totalCount nodes { id } }',
  ],
  'curatedSets(tags:)': ['String!', 'curatedSets(tags: [$v, "eu"]) { totalCount nodes { id } }'],
  'measurementSet(id:)': ['ID!', 'measurementSet(id: $v) { id }'],
  'pattern(id:)': ['ID!', 'pattern(id: $v) { id }'],
  'curatedSet(id:)': ['ID!', 'curatedSet(id: $v) { id }'],
  'node(id:)': ['ID!', 'node(id: $v) { id }'],
  'nodes(ids:)': ['ID!', 'nodes(ids: [$v]) { id }'],
  'a cursor of moments': ['String', 'measurementSets(after: $v) { totalCount }'],
  'a cursor of texts': ['String', 'accounts(before: $v) { totalCount }'],
  '__type(name:)': ['String!', '__type(name: $v) { name }'],
}

const NOTHING = [
  null,
  [null],
  { totalCount: 0, nodes: [] },
  '422 CURSOR_INVALID',
  '422 INPUT_INVALID',
]
const ALL_ACCOUNTS = { totalCount: 3, nodes: expect.any(Array) }

const CASES = Object.entries(PLACES).flatMap(([place, form]) =>
  Object.entries(VALUES).map(([what, value]) => [what, place, form, value] as const),
)

describe('a value finds nothing or is refused, and breaks no statement', () => {
  test.each(CASES)('%s in %s', async (_what, place, [type, selection], value) => {
    const byVariable = await outcomeOf(`query ($v: ${type}) { x: ${selection} }`, { v: value })
    const literal = JSON.stringify(value)
    const byLiteral = await outcomeOf(`{ x: ${selection.replace('$v', () => literal)} }`)
    // JSON writes a lone surrogate as an escape that GraphQL refuses in a literal: then there is no operation.
    expect(['SYNTAX', byVariable]).toContainEqual(byLiteral)
    const matchesAll = value === '' && place === 'accounts(usernameStartsWith:)'
    expect(matchesAll ? [ALL_ACCOUNTS] : NOTHING).toContainEqual(byVariable)
  })
})

/** What is answered, or the status and code of the refusal. */
async function outcomeOf(text: string, variables: object = {}): Promise<unknown> {
  try {
    return JSON.parse((await community.ask(ada, text, { ...variables })).data).x
  } catch (error) {
    if (error instanceof ApiError) return `${error.status} ${error.code}`
    if (error instanceof Error && error.message.startsWith('Syntax Error')) return 'SYNTAX'
    throw error
  }
}

describe('a list of more than 100 items is refused', () => {
  test.each([
    [
      'of names',
      'query ($v: [MeasurementName!]) { x: curatedSets { nodes { measurements(names: $v) } } }',
      'ankle',
    ],
    ['of tags', 'query ($v: [String!]) { x: curatedSets(tags: $v) { totalCount } }', 'eu'],
    ['of ids', 'query ($v: [ID!]!) { x: nodes(ids: $v) { id } }', 'x'],
  ])('%s', async (_what, text, item) => {
    expect(await outcomeOf(text, { v: Array(101).fill(item) })).toBe('422 INPUT_INVALID')
  })

  test('and one of 100 is read', async () => {
    const text = 'query ($v: [String!]) { x: curatedSets(tags: $v) { totalCount } }'
    expect(await outcomeOf(text, { v: Array(100).fill('nobody has this') })).toEqual({
      totalCount: 0,
    })
  })
})

describe('moments at the end of the calendar', () => {
  test.each([
    '0000-01-01T00:00:00Z',
    '0000-01-01T00:00:00+23:59',
    '0001-01-01T00:00:00Z',
    '1582-10-10T00:00:00Z',
    '9999-12-31T23:59:59.999Z',
    '9999-12-31T23:59:59-23:59',
  ])('%s is compared as it stands', async (since) => {
    const text =
      'query ($v: DateTime) { x: measurementSets(filter: { updatedSince: $v }) { totalCount } }'
    const totalCount = since.startsWith('9') ? 0 : 3
    expect(await outcomeOf(text, { v: since })).toEqual({ totalCount })
  })
})

describe('a null where a default allowed for one', () => {
  test.each([
    [
      'an argument',
      'query ($v: LengthUnit = MM) { x: curatedSets { nodes { height(unit: $v) } } }',
    ],
    [
      'an opened field',
      'query ($v: LengthUnit = MM) { x: measurementSets { nodes { measurements(unit: $v) } } }',
    ],
    [
      'an order',
      'query ($v: DatedOrder = CREATED_AT) { x: measurementSets(orderBy: $v) { totalCount } }',
    ],
    ['a name', 'query ($v: String = "ada") { x: account(username: $v) { id } }'],
    ['an id', 'query ($v: ID = "x") { x: node(id: $v) { id } }'],
    ['an id among others', 'query ($v: ID = "x") { x: nodes(ids: [$v]) { id } }'],
    ['a name of a type', 'query ($v: String = "Query") { x: __type(name: $v) { name } }'],
  ])('is refused for %s', async (_what, text) => {
    expect(await outcomeOf(text, { v: null })).toBe('400 VARIABLE_INVALID')
  })
})
