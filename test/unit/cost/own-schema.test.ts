import { readFileSync } from 'node:fs'

import { buildSchema, parse } from 'graphql'
import { expect, test } from 'vitest'

import { compileOperation } from '../../../src/cost/compile-operation.ts'
import { compileCost } from '../../../src/cost/schema-cost.ts'
import { unboundedLists } from '../../../src/cost/unbounded-lists.ts'
import { schema } from '../../../src/schema/schema.ts'
import { TYPICAL } from '../../support/cost-documents.ts'

const built = compileCost(schema)
const printed = compileCost(buildSchema(readFileSync('schema.graphql', 'utf8')))

test('every list of the schema has a bound', () => {
  expect(unboundedLists(built)).toEqual([])
})

test('the printed schema is the price list: every type and field costs what the running one says', () => {
  const listOf = ({ types }: typeof built) =>
    [...types.values()]
      .flatMap(({ name, weight, fields }) => [
        `${name} ${weight}`,
        ...[...fields].map(([field, { id: _id, output, ...price }]) =>
          JSON.stringify([
            name,
            field,
            output.name,
            price,
            [...(price.listSize?.sizedFields ?? [])],
          ]),
        ),
      ])
      .toSorted()
  expect(listOf(built)).toEqual(listOf(printed))
})

test('a page of edges costs what a page of nodes does', () => {
  const [edges, nodes] = ['edges { cursor node { id } }', 'nodes { id }'].map((items) => {
    const document = parse(`{ accounts(first: 7) { ${items} pageInfo { hasNextPage } } }`)
    return compileOperation(built, document).estimatePoints({})
  })
  expect(edges).toBe(nodes)
})

test('the typical operation costs what its parts do, and at most the level that may ask for it', () => {
  const program = compileOperation(built, TYPICAL.document)
  const account = 1 + 5 + 10 * (1 + (1 + 1) + 5 + 5)
  expect(program.estimatePoints(TYPICAL.variables)).toBe(1 + 5 + 10 * account)
  const bound = program.bindCounts(TYPICAL.counted, TYPICAL.variables)
  expect(bound(TYPICAL.counts, TYPICAL.variables)).toBe(1 + 5 + 10 * 6 + 97 * (1 + 2 + 5) + 260)
})
