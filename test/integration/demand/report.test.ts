import { expect, test } from 'vitest'

import { policiesWith } from '../../support/policies.ts'
import { stoppedCommunity } from '../../support/stopped-community.ts'

const gateway = await stoppedCommunity({ policies: policiesWith({}) })
const key = await gateway.keyOf('ada')

interface Charged {
  readonly path: string
  readonly estimated: number
  readonly actual: number
}

async function report(document: string, variables?: object) {
  const { body } = await gateway.send({
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${key}`,
      'graphql-cost': 'report',
    },
    body: JSON.stringify({ query: document, variables }),
  })
  return JSON.parse(body)
}

test('a report names what each field could cost and did, dearest first, without positions in lists', async () => {
  const { extensions } = await report(
    '{ me { sets: measurementSets(first: 6) { nodes { baseSet { name } patterns(first: 2) { edges { node { design } } } } } } }',
  )
  expect(extensions.cost.fields).toEqual([
    { path: 'me.sets.nodes.patterns', estimated: 30, actual: 15 },
    { path: 'me.sets.nodes.baseSet', estimated: 12, actual: 4 },
    { path: 'me.sets.nodes.patterns.edges.node', estimated: 12, actual: 2 },
    { path: 'me.sets.nodes', estimated: 6, actual: 3 },
    { path: 'me.sets', estimated: 5, actual: 5 },
    { path: 'me', estimated: 2, actual: 2 },
  ])
})

test.each([
  [
    'pages in a page',
    '{ measurementSets(first: 4) { nodes { patterns { totalCount nodes { design } } } } }',
  ],
  [
    'a page under two names',
    '{ a: measurementSets(last: 2) { nodes { tags: name owner { username } } } b: measurementSets { edges { node { measurementList { value } } } } }',
  ],
  ['a list of a known length', '{ measurementDefinitions { name } version }'],
  [
    'what is not there',
    '{ pattern(id: "pat_1") { data settings owner { username } } account(username: "nobody") { username } }',
  ],
  [
    'fragments',
    'query($n: Int) { ...A ...B } fragment A on Query { measurementSets(first: $n) { nodes { id } } } fragment B on Query { measurementSets(first: $n) { nodes { baseSet { id } } } }',
  ],
] as const)(
  'all fields of a report add up to the whole, but for the query itself: %s',
  async (_what, document) => {
    const { data, extensions } = await report(document, { n: 7 })
    expect(data).toBeDefined()
    const { estimated, actual, fields } = extensions.cost
    expect(sum(fields, 'estimated')).toBe(estimated - 1)
    expect(sum(fields, 'actual')).toBe(actual - 1)
  },
)

test('a report holds 100 fields at most, the dearest of them', async () => {
  // 5 fields that cost something, and 7.
  const patterns = 'patterns(first: 1) { totalCount nodes { data settings } }'
  const sets = `measurementSets(first: 1) { nodes { ${patterns} } }`
  const aliases = Array.from({ length: 15 }, (_, i) => `a${i}: ${patterns}`).join(' ')
  const { errors, extensions } = await report(
    `{ ${aliases} ${patterns} ${sets} me { ${patterns} ${sets} } account(username: "ada") { ${patterns} ${sets} } }`,
  )
  expect(errors).toBeUndefined()
  const { fields, estimated } = extensions.cost
  expect(fields).toHaveLength(100)
  expect(sum(fields, 'estimated')).toBeLessThan(estimated - 1)
  const points = fields.map((field: Charged) => field.estimated)
  expect(points).toEqual(points.toSorted((a: number, b: number) => b - a))
})

test('nothing is reported where nobody asks for it', async () => {
  const { body } = await gateway.post('{ version }', key)
  expect(Object.keys(JSON.parse(body).extensions.cost)).not.toContain('fields')
})

test('what is refused is not reported on', async () => {
  const { extensions } = await report('{ measurementSets(first: 101) { nodes { id } } }')
  expect(Object.keys(extensions.cost)).not.toContain('fields')
})

function sum(fields: readonly Charged[], of: 'estimated' | 'actual'): number {
  return fields.reduce((total, field) => total + field[of], 0)
}
