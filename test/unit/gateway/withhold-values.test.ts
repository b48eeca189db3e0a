import { buildSchema, GraphQLError, parse, validate } from 'graphql'
import { expect, test } from 'vitest'

import { withholdValues } from '../../../src/gateway/withhold-values.ts'

const schema = buildSchema(`
  enum Unit { MM }
  input Secret { password: String!, unit: Unit, count: Int }
  type Query { open(secret: Secret, id: ID, unit: Unit, ratio: Float): Int }
`)

const DOCUMENTS: Readonly<Record<string, string>> = {
  '{ open(secret: "canary") }': 'Expected value of type "Secret".',
  '{ open(secret: """canary""") }': 'Expected value of type "Secret".',
  '{ open(secret: { password: ["canary"] }) }': 'String cannot represent a non string value.',
  '{ open(secret: { password: { is: "canary" } }) }': 'String cannot represent a non string value.',
  '{ open(secret: { password: "x", count: "canary" }) }': 'Int cannot represent non-integer value.',
  '{ open(unit: "canary") }': 'Enum "Unit" cannot represent non-enum value.',
  '{ open(unit: canary) }': 'This value does not exist in "Unit" enum.',
  '{ open(id: { is: "canary" }) }': 'ID cannot represent a non-string and non-integer value.',
  '{ open(ratio: "canary") }': 'Float cannot represent non numeric value.',
  '{ open @skip(if: "canary") }': 'Boolean cannot represent a non boolean value.',
  '{ open "canary" }': 'Syntax Error: Expected Name, found String.',
  '{ open """canary""" }': 'Syntax Error: Expected Name, found BlockString.',
  '{ nothing }': 'Cannot query field "nothing" on type "Query".',
}

test.each(Object.entries(DOCUMENTS))('%s: %s', (text, told) => {
  expect(problemsOf(text).map(withholdValues)).toEqual([told])
})

function problemsOf(text: string): readonly string[] {
  try {
    const errors = validate(schema, parse(text), undefined, { hideSuggestions: true })
    return errors.map(({ message }) => message)
  } catch (error) {
    if (error instanceof GraphQLError) return [error.message]
    throw error
  }
}
