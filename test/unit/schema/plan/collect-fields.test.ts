import {
  buildSchema,
  type FieldNode,
  type FragmentDefinitionNode,
  getOperationAST,
  GraphQLObjectType,
  Kind,
  parse,
  print,
} from 'graphql'
import { describe, expect, test } from 'vitest'
import {
  type CollectedFields,
  collectFields,
  collectSubfields,
} from '../../../../src/schema/plan/collect-fields.ts'
import { Shape } from '../../../../src/schema/plan/shape.ts'

const schema = buildSchema(`
  interface Animal { name: String, friend: Animal }
  interface Loud implements Animal { name: String, friend: Animal, sound(loud: Boolean): String }
  type Dog implements Animal & Loud { name: String, friend: Animal, sound(loud: Boolean): String }
  type Fish implements Animal { name: String, friend: Animal, depth: Int }
  union Pet = Dog | Fish
  type Query { pet: Pet }
`)

/** What a Dog answers for this selection, and the context to go on with. */
function collect(document: string, variables: Readonly<Record<string, unknown>> = {}) {
  const parsed = parse(document)
  const operation = getOperationAST(parsed)
  const type = schema.getType('Dog')
  if (!operation || !(type instanceof GraphQLObjectType)) throw new Error('Nothing to collect.')
  const definitions = parsed.definitions.filter(
    (definition): definition is FragmentDefinitionNode =>
      definition.kind === Kind.FRAGMENT_DEFINITION,
  )
  const fragments = Object.fromEntries(definitions.map((node) => [node.name.value, node]))
  const context = { schema, fragments, shape: new Shape(variables) }
  const fields = collectFields(context, type, [operation.selectionSet])
  const below = (nodes: readonly FieldNode[] = []) =>
    namesOf(collectSubfields(context, type, nodes))
  return { fields, below, shape: context.shape }
}

function namesOf(fields: CollectedFields): string[] {
  return [...fields.keys()]
}

describe('the fields of an object', () => {
  test('stand under their response names, in the order of their first node', () => {
    const { fields } = collect('{ b: name __typename a: name c: sound name }')
    expect(namesOf(fields)).toEqual(['b', '__typename', 'a', 'c', 'name'])
  })

  test('are merged where they share a response name', () => {
    const { fields, below } = collect(
      '{ friend { name } name friend { __typename name } friend { a: name } }',
    )
    expect(namesOf(fields)).toEqual(['friend', 'name'])
    expect(fields.get('friend')).toHaveLength(3)
    expect(below(fields.get('friend'))).toEqual(['name', '__typename', 'a'])
  })

  test('may be called as what every object inherits', () => {
    const { fields } = collect('{ __proto__: name constructor: sound toString: name }')
    expect(namesOf(fields)).toEqual(['__proto__', 'constructor', 'toString'])
  })
})

describe('a fragment', () => {
  test.each([
    ['of the very type', '{ ... on Dog { name } }', ['name']],
    ['of no type', '{ ... { name } }', ['name']],
    ['of an interface of the type', '{ ... on Animal { name } }', ['name']],
    ['of another interface of the type', '{ ... on Loud { name } }', ['name']],
    ['of a union of the type', '{ ... on Pet { ... on Dog { name } } }', ['name']],
    ['of another type', '{ ... on Fish { name } sound }', ['sound']],
    [
      'of another type within one of the own',
      '{ ... on Animal { ... on Fish { depth } sound: name } }',
      ['sound'],
    ],
  ])('%s counts as far as it applies', (_which, document, names) => {
    expect(namesOf(collect(document).fields)).toEqual(names)
  })

  test('takes its place where it is spread', () => {
    const document =
      '{ a: name ...F b: name } fragment F on Dog { f: name ...G } fragment G on Animal { g: name }'
    expect(namesOf(collect(document).fields)).toEqual(['a', 'f', 'g', 'b'])
  })

  test('counts once for one object, however often it is spread', () => {
    const { fields } = collect('{ ...F ... on Dog { ...F } ...F } fragment F on Dog { name }')
    expect(fields.get('name')).toHaveLength(1)
  })

  test('counts again for merged selection sets of another field', () => {
    const document = '{ a: friend { ...F } b: friend { ...F } } fragment F on Animal { name }'
    const { fields, below } = collect(document)
    expect(below(fields.get('a'))).toEqual(['name'])
    expect(below(fields.get('b'))).toEqual(['name'])
  })

  test('that is first left out counts where it is spread again', () => {
    const document = '{ ...F @skip(if: true) name ...F } fragment F on Dog { sound }'
    expect(namesOf(collect(document).fields)).toEqual(['name', 'sound'])
  })

  test('that spreads itself ends', () => {
    const document = '{ ...F } fragment F on Dog { name ...F }'
    expect(namesOf(collect(document).fields)).toEqual(['name'])
  })
})

describe('@skip and @include', () => {
  test.each([
    ['@skip(if: true)', {}, false],
    ['@skip(if: false)', {}, true],
    ['@include(if: true)', {}, true],
    ['@include(if: false)', {}, false],
    ['@include(if: true) @skip(if: true)', {}, false],
    ['@include(if: true) @skip(if: false)', {}, true],
    ['@include(if: false) @skip(if: false)', {}, false],
    ['@include(if: $a)', { a: true }, true],
    ['@include(if: $a)', { a: false }, false],
    ['@include(if: $a)', { a: null }, false],
    ['@include(if: $a)', {}, false],
    ['@skip(if: $a)', { a: true }, false],
    ['@skip(if: $a)', { a: false }, true],
    ['@skip(if: $a)', {}, true],
    ['@include(if: $a) @skip(if: $b)', { a: true, b: false }, true],
    ['@include(if: $a) @skip(if: $b)', { a: true, b: true }, false],
    ['@include(if: $a) @skip(if: $a)', { a: true }, false],
    ['@custom(if: false)', {}, true],
  ])('%s with %o', (directives, variables, isIn) => {
    const names = isIn ? ['name', 'end'] : ['end']
    const collected = [
      `name ${directives}`,
      `... ${directives} { name }`,
      `... on Dog ${directives} { name }`,
      `...F ${directives}`,
    ].map((selection) => {
      const document = `{ ${selection} end: name } fragment F on Dog { name }`
      return namesOf(collect(document, variables).fields)
    })
    expect(collected).toEqual([names, names, names, names])
  })

  test('leave out one node of a field and keep the other', () => {
    const { fields } = collect('{ name @skip(if: true) name }')
    expect(fields.get('name')?.map((node) => print(node))).toEqual(['name'])
  })
})
