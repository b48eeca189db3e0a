import { buildSchema, getOperationAST, parse } from 'graphql'
import { expect, test } from 'vitest'

import { ApiError } from '../../../src/errors.ts'
import { coerceVariables } from '../../../src/gateway/coerce-variables.ts'

const schema = buildSchema(`
  enum Unit { MM INCH }
  input Page { first: Int!, unit: Unit = MM }
  type Query { sets(page: Page, unit: Unit): Int }
`)

test('defaults are filled in, and undeclared variables left out', () => {
  expect(coerce('($page: Page!, $unit: Unit = INCH)', { page: { first: 1 }, other: 2 })).toEqual({
    page: { first: 1, unit: 'MM' },
    unit: 'INCH',
  })
})

test('an operation without variables has none, whatever was sent', () => {
  expect(coerce('', { page: 1 })).toEqual({})
})

test('every problem is named at once', () => {
  const problems = problemsOf('($page: Page!, $unit: Unit!)', { page: {}, unit: 1 })
  expect(problems).toEqual([
    'Variable "$page" has an invalid value: Field "first" of required type "Int!" was not provided.',
    'Variable "$unit" has an invalid value: Enum "Unit" cannot represent non-string value.',
  ])
})

test('a problem names its place and not its value, nor what stands beside it', () => {
  const canaries = [
    { first: 'canary' },
    { first: ['canary at "page.first"'] },
    'canary',
    ['canary'],
  ]
  for (const page of canaries) {
    expect(problemsOf('($page: Page!)', { page }).join()).not.toContain('canary')
  }
  expect(problemsOf('($page: Page!)', { page: { first: 'canary', unit: 'MM' } })).toEqual([
    'Variable "$page" has an invalid value at "page.first": Int cannot represent non-integer value.',
  ])
  expect(problemsOf('($page: Page!)', { page: { first: 1, unit: 'canary' } })).toEqual([
    'Variable "$page" has an invalid value at "page.unit": This value does not exist in "Unit" enum.',
  ])
})

test('no problem suggests a name of the schema', () => {
  expect(problemsOf('($unit: Unit)', { unit: 'INCHES' }).join()).not.toMatch(/did you mean/i)
  expect(problemsOf('($page: Page)', { page: { first: 1, unti: 1 } }).join()).not.toMatch(
    /did you mean/i,
  )
})

test('10 problems are named at most, each of them short', () => {
  const names = Array.from({ length: 30 }, (_, i) => `v${i}`)
  const problems = problemsOf(
    `(${names.map((name) => `$${name}: Int`).join()})`,
    Object.fromEntries(names.map((name) => [name, 'x'.repeat(50_000)])),
  )
  expect(problems).toHaveLength(10)
  expect(Math.max(...problems.map(({ length }) => length))).toBeLessThan(400)
})

test('a variable named __proto__ changes no prototype', () => {
  const given: Record<string, unknown> = JSON.parse('{"__proto__": 7}')
  expect(coerce('($__proto__: Int)', given)).toEqual(JSON.parse('{"__proto__": 7}'))
  expect(Object.prototype).not.toHaveProperty('7')
})

function coerce(declared: string, given: Record<string, unknown>) {
  const operation = getOperationAST(parse(`query A ${declared} { sets }`))
  if (operation == null) throw new Error('The test has no operation.')
  return coerceVariables(schema, operation, given)
}

function problemsOf(declared: string, given: Record<string, unknown>): string[] {
  try {
    coerce(declared, given)
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'VARIABLE_INVALID') throw error
    // This refusal always lists its problems.
    return (error.extensions['problems'] as { message: string }[]).map(({ message }) => message)
  }
  throw new Error('They were not refused.')
}
