import { expect, test } from 'vitest'

import { findUnannouncedChanges } from '../support/breaking-changes.ts'

const RELEASED = `
  directive @cost(weight: String!) repeatable on OBJECT | FIELD_DEFINITION
  directive @note on OBJECT
  interface Node { id: ID! }
  type Query {
    set(id: ID!, unit: Unit): Set
    old: String @deprecated(reason: "Use set.")
    sets(page: Int @deprecated(reason: "Use first."), first: Int): [Set!]!
    find(filter: Filter): Any
  }
  type Set implements Node { id: ID! name: String! }
  type Pattern { id: ID! }
  union Any = Set | Pattern
  scalar Day
  enum Unit { MM CM LINE @deprecated(reason: "Nobody uses it.") }
  input Filter { name: String line: Unit @deprecated(reason: "Gone.") }
`
const CHANGELOG = '# Changelog\n\n## [Unreleased]\n\n## [0.1.0]\n\n- `Set.name` is here.\n'

/** What is replaced in the released schema, by what, and what that breaks. */
const BREAKING = [
  ['name: String!', '', 'Set.name'],
  ['name: String!', 'name: Int!', 'Set.name'],
  ['id: ID!, unit', 'id: ID!, by: Int!, unit', 'Query.set(by:)'],
  [', unit: Unit', '', 'Query.set(unit:)'],
  ['first: Int', 'first: String', 'Query.sets(first:)'],
  ['MM CM', 'MM', 'Unit.CM'],
  ['Set | Pattern', 'Set', 'Any'],
  ['Set implements Node', 'Set', 'Set'],
  ['scalar Day', '', 'Day'],
  ['type Pattern {', 'interface Pattern {', 'Pattern'],
  ['input Filter {', 'input Filter { by: Int!', 'Filter.by'],
  ['directive @note on OBJECT', '', '@note'],
  ['(weight: String!)', '', '@cost(weight:)'],
  ['weight: String!', 'weight: String!, by: Int!', '@cost(by:)'],
  [' repeatable', '', '@cost'],
  ['OBJECT | FIELD', 'FIELD', '@cost'],
] as const

const DEPRECATED = [
  ['old: String @deprecated(reason: "Use set.")', ''],
  ['page: Int @deprecated(reason: "Use first."), ', ''],
  ['LINE @deprecated(reason: "Nobody uses it.")', ''],
  ['line: Unit @deprecated(reason: "Gone.")', ''],
] as const

const ADDED = [
  ['type Pattern {', 'type Pattern { name: String'],
  ['MM CM', 'MM CM INCH'],
] as const

test.each(BREAKING)('%j -> %j breaks %s', (from, to, coordinate) => {
  const unannounced = findUnannouncedChanges({ ...changed(from, to), changelog: CHANGELOG })
  expect(unannounced).toEqual([expect.stringContaining(`Announce \`${coordinate}\`.`)])
})

test.each(BREAKING)('%j -> %j is announced by %s below Unreleased', (from, to, coordinate) => {
  const changelog = CHANGELOG.replace('[Unreleased]\n', `$&\n- \`${coordinate}\` changes.\n`)
  expect(findUnannouncedChanges({ ...changed(from, to), changelog })).toEqual([])
})

test.each(DEPRECATED)('%j was deprecated, so it may go', (from, to) => {
  expect(findUnannouncedChanges({ ...changed(from, to), changelog: CHANGELOG })).toEqual([])
})

test.each(ADDED)('%j -> %j breaks nobody', (from, to) => {
  expect(findUnannouncedChanges({ ...changed(from, to), changelog: CHANGELOG })).toEqual([])
})

function changed(from: string, to: string) {
  const current = RELEASED.replace(from, to)
  if (current === RELEASED) throw new Error(`The released schema does not hold ${from}`)
  return { released: RELEASED, current }
}
