import { getIntrospectionQuery } from 'graphql'
import { expect, test, vi } from 'vitest'

import { schema } from '../../../src/schema/schema.ts'
import { countedPoints } from '../../support/counted-points.ts'
import { testGateway } from '../../support/gateway.ts'
import { policiesWith } from '../../support/policies.ts'
import { costOf } from '../../support/told-cost.ts'

const gateway = await testGateway({ policies: policiesWith({}) })

/** A point for a hundred objects, 1 to 50. */
function pointsFor(objects: number): number {
  return Math.min(50, Math.max(1, Math.ceil(objects / 100)))
}

/** JSON objects in a value, itself included. */
function objectsIn(value: unknown): number {
  const texts = JSON.stringify(value).match(/\{/g) ?? []
  // Texts of the schema hold no braces, which the test below would show.
  return texts.length
}

const FIELDS = 'fields { name type { name kind ofType { name kind } } }'

test.each([
  ['that of tools', getIntrospectionQuery()],
  [
    'that of tools with all options',
    getIntrospectionQuery({
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    }),
  ],
  ['a name', '{ __schema { queryType { name } } }'],
  ['one type', `{ __type(name: "Query") { ${FIELDS} } }`],
  ['a type that is not there', '{ __type(name: "Nothing") { name } }'],
  ['types within types', '{ __schema { types { fields { name type { fields { name } } } } } }'],
  ['several at once', `{ a: __schema { types { name } } b: __schema { types { ${FIELDS} } } }`],
])(
  'introspection costs a point for a hundred objects of its answer: %s',
  async (_what, document) => {
    const answer = await gateway.post(document)
    expect(answer.codes).toEqual([])
    // The object of the data itself is nobody's.
    const points = pointsFor(objectsIn(answer.data) - 1)
    expect(costOf(answer)).toMatchObject({ estimated: points, actual: points, refunded: 0 })
  },
)

test('no text of the schema holds what the test counts by', () => {
  const texts = JSON.stringify(
    Object.values(schema.getTypeMap()).map(({ description }) => description),
  )
  expect(texts).not.toContain('{')
})

/** 800 characters, of which every alias adds 90 kB of answer. */
const AMPLIFIED = `query($name: String!) { one: __type(name: $name) { name }
  __schema { directives { name } ${Array.from({ length: 13 }, (_, i) => `t${i}: types { ...F }`).join(' ')} } }
  fragment F on __Type { kind name description
    fields(includeDeprecated: true) { name description
      args { name description type { ...R } defaultValue }
      type { ...R fields { name description args { name description type { ...R } } type { ...R } } } } }
  fragment R on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }`

test('an answer of more than 1 MB is refused, in few bytes, before anything is reserved', async () => {
  const before = await countedPoints(gateway)
  const answer = await gateway.post(AMPLIFIED, undefined, { name: 'Query' })
  expect([answer.status, answer.codes]).toEqual([422, ['ANSWER_TOO_LARGE']])
  expect(answer.bytes.length).toBeLessThan(1_000)
  expect(costOf(answer)).toMatchObject({ estimated: null, actual: 0 })
  expect(await countedPoints(gateway)).toEqual(before)
})

test('what is too large is found out once, however often it is asked and whatever else changes', async () => {
  const document = AMPLIFIED.replace('directives { name }', 'directives { description }')
  const refusals = [await gateway.post(document, undefined, { name: 'Query' })]
  const listed = vi.spyOn(schema, 'getDirectives')
  for (const name of ['Node', 'Nothing', 'Query']) {
    // One after the other: each finds what the one before it left behind.
    // oxlint-disable-next-line no-await-in-loop
    refusals.push(await gateway.post(document, undefined, { name }))
  }
  expect(refusals.map(({ codes }) => codes)).toEqual(refusals.map(() => ['ANSWER_TOO_LARGE']))
  expect(listed).not.toHaveBeenCalled()
})

test.each([
  ['a type of a type of a type', 'fields { type { fields { type { fields { name } } } } }'],
  [
    'what is possible for what is possible',
    'possibleTypes { interfaces { possibleTypes { name } } }',
  ],
])('introspection that leads back into itself is refused: %s', async (_what, selection) => {
  const answer = await gateway.post(`{ __schema { types { ${selection} } } }`)
  expect([answer.status, answer.codes]).toEqual([400, ['DOCUMENT_INVALID']])
})
