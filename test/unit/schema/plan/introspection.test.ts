import { assertValidSchema, buildSchema, type GraphQLSchema, parse } from 'graphql'
import { expect, test, vi } from 'vitest'

import { ANONYMOUS } from '../../../../src/auth/access.ts'
import { compileOperation } from '../../../../src/schema/plan/operation.ts'

const TYPES = 'types { name description fields { name type { name } } } directives { name }'

test('an answer is made once for all documents and values that ask the same', () => {
  const { schema, made } = counted()
  for (const text of [
    `{ __schema { ${TYPES} } }`,
    `{ other: __schema { ${TYPES} } __typename }`,
    `{ ...A } fragment A on Query { __schema { ${TYPES} } } fragment B on Query { __typename }`,
    `query($name: String!) { one: __type(name: $name) { name } __schema { ${TYPES} } }`,
  ]) {
    const operation = compileOperation(schema, parse(text))
    for (const name of ['a', 'b', 'c']) operation.plan(ANONYMOUS, { name })
  }
  expect(made()).toBe(1)
})

test('a refusal of what is too large is made once as well, whatever else is asked beside it', () => {
  const { schema, made } = counted('x'.repeat(1_000_000))
  const text = `query($name: String!) { one: __type(name: $name) { name } __schema { ${TYPES} } }`
  const operation = compileOperation(schema, parse(text))
  for (const name of ['a', 'b', 'c']) {
    expect(() => operation.plan(ANONYMOUS, { name })).toThrow(
      expect.objectContaining({ code: 'ANSWER_TOO_LARGE' }),
    )
  }
  expect(made()).toBe(1)
})

test.each([
  ['another selection', '{ __schema { directives { name } } }'],
  [
    'a fragment of the same name and another text',
    '{ __schema { ...A } } fragment A on __Schema { directives { description } }',
  ],
])('%s is another question', (_what, text) => {
  const { schema, made } = counted()
  const others = [`{ __schema { ...A } } fragment A on __Schema { ${TYPES} }`, text]
  const answers = others.map((each) => compileOperation(schema, parse(each)).plan(ANONYMOUS, {}))
  expect(made()).toBe(2)
  expect(new Set(answers.map(({ fixedCharacters }) => fixedCharacters)).size).toBe(2)
})

test('what a variable lets in is another question', () => {
  const { schema } = counted()
  const text = `query($all: Boolean!) { __schema { queryType { name fields @include(if: $all) { name } } } }`
  const operation = compileOperation(schema, parse(text))
  const objects = [true, false, true].map(
    (all) => operation.plan(ANONYMOUS, { all }).introspectionObjects,
  )
  expect(objects).toEqual([3, 2, 3])
})

/** A schema of its own, described like this, and how often its directives were listed. */
function counted(description = ''): { schema: GraphQLSchema; made: () => number } {
  const schema = buildSchema(`"""${description}""" type Query { a: String }`)
  assertValidSchema(schema)
  const listed = vi.spyOn(schema, 'getDirectives')
  return { schema, made: () => listed.mock.calls.length }
}
