import { getOperationAST, Kind, parse, type SelectionNode } from 'graphql'
import { expect, test } from 'vitest'
import type { Fragments } from '../../../../src/schema/plan/collect-fields.ts'
import { requiredScopes } from '../../../../src/schema/plan/required-scopes.ts'
import { Shape } from '../../../../src/schema/plan/shape.ts'
import { schema } from '../../../../src/schema/schema.ts'
import { principalNamed } from '../../../support/planned-request.ts'

/** Counts the selections that are looked at. */
class CountingShape extends Shape {
  looks = 0

  override includes(selection: SelectionNode): boolean {
    this.looks += 1
    return super.includes(selection)
  }
}

function scopesOf(text: string) {
  const document = parse(text)
  const operation = getOperationAST(document)
  if (!operation) throw new Error('There is no operation.')
  const fragments: Fragments = Object.fromEntries(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  )
  const shape = new CountingShape({})
  const { standing } = principalNamed('ada 5')
  const scopes = requiredScopes({ schema, fragments, shape }, operation, standing)
  return { scopes, looks: shape.looks }
}

/** Fragments F0 to F15 on this type, each of which takes in the next one as `twice` says. */
function doubling(type: string, twice: (next: string) => string, last: string): string {
  const levels = Array.from(
    { length: 15 },
    (_, i) => `fragment F${i} on ${type} { ${twice(`F${i + 1}`)} }`,
  )
  return `{ ...F0 } ${levels.join(' ')} fragment F15 on ${type} { ${last} }`
}

test.each([
  ['side by side', (next: string) => `...${next} ...${next}`],
  ['in inline fragments', (next: string) => `... { ...${next} } ... { ...${next} }`],
])('fragments that double %s are walked once each', (_how, twice) => {
  const { scopes, looks } = scopesOf(doubling('Query', twice, 'apiKeys { totalCount }'))
  expect(scopes).toContain('own-keys:read')
  expect(looks).toBeLessThan(200)
})

test('fragments that double below fields that merge are walked once for each path', () => {
  const document = `{ ${'me { ...A } '.repeat(40)} }
    fragment A on Account { ${'measurementSets { ...B } '.repeat(40)} }
    fragment B on MeasurementSetConnection { ${'nodes { name } '.repeat(40)} }`
  const { scopes, looks } = scopesOf(document)
  expect(scopes).toEqual(['self', 'own-sets:read', 'public'])
  expect(looks).toBeLessThan(1_000)
})

test('a fragment counts at every path that takes it in, and for every type', () => {
  const document = `{ node(id: "x") { ...N } a: nodes(ids: []) { ...N } }
    fragment N on Node { ... on ApiKey { name } ... on Bookmark { title } }`
  expect(scopesOf(document).scopes).toEqual(['public', 'own-keys:read', 'own-bookmarks:read'])
})
