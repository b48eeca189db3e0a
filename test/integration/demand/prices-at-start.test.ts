import { buildSchema } from 'graphql'
import { expect, test } from 'vitest'

import { StartError } from '../../../src/errors.ts'
import { schema } from '../../../src/schema/schema.ts'
import { testGateway } from '../../support/gateway.ts'
import { SMALL } from '../../support/small-schema.ts'

const DIRECTIVES = `
  directive @cost(weight: String!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
  directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
`

test.each([
  ['a list without a bound', 'type Query { sets: [Set] } type Set { id: ID }', 'Query.sets'],
  [
    'a list that is bounded only where an argument is given',
    'type Query { sets(first: Int): [Set] @listSize(slicingArguments: ["first"]) } type Set { id: ID }',
    'Query.sets',
  ],
  ['a weight that is no number', 'type Query { a: Int @cost(weight: "dear") }', 'Query.a'],
  ['a weight without end', 'type Query { a: Int @cost(weight: "Infinity") }', 'Query.a'],
  [
    'an invalid weight of an argument',
    'type Query { a(b: Int @cost(weight: "")): Int }',
    'Query.a(b:)',
  ],
  ['an invalid weight of a type', 'type Query { a: A } type A @cost(weight: "x") { b: Int }', 'A'],
])('a schema with %s does not start, and is told where', async (_what, types, coordinate) => {
  const { compileOperation } = SMALL
  const start = testGateway({ schema: buildSchema(DIRECTIVES + types), compileOperation })
  await expect(start).rejects.toThrow(StartError)
  await expect(start).rejects.toThrow(coordinate)
})

test('the schema that is served has a bound and a weight everywhere', async () => {
  await expect(testGateway({ schema })).resolves.toBeDefined()
})
