import { buildASTSchema, execute, GraphQLSchema, isRequiredArgument, parse } from 'graphql'
import { describe, expect, test } from 'vitest'
import { ACCESS } from '../../../src/auth/access.ts'
import { ANONYMOUS_PRINCIPAL } from '../../../src/auth/principal.ts'
import { confirmScopes, scopeRules } from '../../../src/schema/builder.ts'
import { scopesOf } from '../../../src/schema/plan/required-scopes.ts'
import { schema } from '../../../src/schema/schema.ts'
import { findBreaches } from '../../support/schema-rules.ts'
import { principalNamed } from '../../support/planned-request.ts'
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from '../../../src/cost/page-size.ts'
import { FIELD_PRICES } from '../../../src/schema/prices.ts'

const rootFields = Object.values(schema.getQueryType()?.getFields() ?? {})

describe('the schema', () => {
  test('breaks none of the rules that hold for all of it', () => {
    expect(findBreaches(schema)).toEqual([])
  })

  /** Asked for by acts, which find out whether what they are to change is the caller's own. */
  const OF_ACTS = ['accounts:write', 'sets:write']

  test('uses every scope of the access matrix', () => {
    const scopes = Object.values(schema.getTypeMap()).flatMap((type) =>
      'getFields' in type
        ? Object.values(type.getFields()).flatMap((field) =>
            'args' in field ? scopesOf(field) : [],
          )
        : [],
    )
    expect(new Set([...scopes, ...OF_ACTS])).toEqual(new Set(Object.keys(ACCESS)))
  })
})

/** A schema as printed, whose fields carry these rules beside what is printed. */
function schemaOf(sdl: string, rules: Readonly<Record<string, object>>): GraphQLSchema {
  const built = buildASTSchema(parse(`${DIRECTIVES} ${sdl}`))
  for (const [name, authScopes] of Object.entries(rules)) {
    const field = built.getQueryType()?.getFields()[name]
    if (field) field.extensions = { pothosOptions: { authScopes } }
  }
  return built
}

const DIRECTIVES = `
  "Who." directive @access("Scope." scope: String!, "Level." level: Int, "Means." by: String!) on FIELD_DEFINITION
  "Price." directive @cost("Points." weight: String!) on ARGUMENT_DEFINITION | FIELD_DEFINITION | OBJECT
  "Size." directive @listSize("Items." assumedSize: Int, "Fields." sizedFields: [String!]) on FIELD_DEFINITION
  "Length." scalar Measurements`
const ME = '"Name." me: String @access(scope: "self", level: 0, by: "any")'
const RULES = { me: { self: true }, x: { public: true } }
const OPEN = '@access(scope: "public", by: "any")'

describe('a schema is told', () => {
  test.each([
    ['nothing where nothing is missing', `"X." x: Int ${OPEN}`, RULES, []],
    [
      'a field without a rule',
      `"X." x: Int ${OPEN}`,
      { me: { self: true } },
      ['Query.x has no rule.'],
    ],
    ['an empty rule', `"X." x: Int ${OPEN}`, { ...RULES, x: {} }, ['Query.x has no rule.']],
    [
      'a scope that the matrix lacks',
      `"X." x: Int ${OPEN}`,
      { ...RULES, x: { any: true } },
      ['Query.x has no rule.'],
    ],
    [
      'a field with two rules',
      `"X." x: Int ${OPEN}`,
      { ...RULES, x: { public: true, self: true } },
      ['Query.x has several rules.'],
    ],
    [
      'a rule that is not printed',
      '"X." x: Int',
      RULES,
      ['Query.x prints another @access than its rule.'],
    ],
    [
      'a rule printed with another level',
      `"X." x: Int @access(scope: "public", level: 0, by: "any")`,
      RULES,
      ['Query.x prints another @access than its rule.'],
    ],
    ['a field without a description', `x: Int ${OPEN}`, RULES, ['Query.x has no description.']],
    [
      'an argument without a description',
      `"X." x(a: Int): Int ${OPEN}`,
      RULES,
      ['Query.x(a:) has no description.'],
    ],
    ['a length without a unit', `"Long." x: Float ${OPEN}`, RULES, ['Query.x names no unit.']],
    [
      'measurements without a unit',
      `"Long." x: Measurements ${OPEN}`,
      RULES,
      ['Query.x names no unit.'],
    ],
    [
      'a list without a size',
      `"X." x: [Int] ${OPEN} @cost(weight: "1")`,
      RULES,
      ['Query.x has no size.'],
    ],
    [
      'a list without a price',
      `"X." x: [Int] ${OPEN} @listSize(assumedSize: 1)`,
      RULES,
      ['Query.x does not cost what scalar-list costs.'],
    ],
    [
      'a price for what is free',
      `"X." x: Int ${OPEN} @cost(weight: "1")`,
      RULES,
      ['Query.x does not cost what null costs.'],
    ],
  ])('%s', (_what, field, rules, breaches) => {
    expect(findBreaches(schemaOf(`"Root." type Query { ${ME} ${field} }`, rules))).toEqual(breaches)
  })

  test('types, values and members without a description', () => {
    const sdl = `type Query { ${ME} "X." x("A." a: I @cost(weight: "0"), "B." b: E): Int ${OPEN} } input I { c: Int } enum E { V }`
    expect(findBreaches(schemaOf(sdl, RULES))).toEqual([
      'Query has no description.',
      'I has no description.',
      'I.c has no description.',
      'E has no description.',
      'E.V has no description.',
    ])
  })

  test.each([
    [
      'an object whose kind is not named',
      `"X." x: Query ${OPEN}`,
      'Query.x does not cost what relation costs.',
    ],
    [
      'a filter that costs something',
      `"X." x("F." filter: Filter): Int ${OPEN}`,
      'Query.x(filter:) does not weigh what its kind weighs.',
    ],
    [
      'a text that costs something',
      `"X." x("T." text: String @cost(weight: "1")): Int ${OPEN}`,
      'Query.x(text:) does not weigh what its kind weighs.',
    ],
  ])('%s', (_what, field, breach) => {
    const sdl = `"Root." type Query { ${ME} ${field} } "Which." input Filter { "C." c: Int }`
    expect(findBreaches(schemaOf(sdl, RULES))).toEqual([breach])
  })

  test('types that shape a page and cost something, and lists that no field sizes', () => {
    const sdl = `"Root." type Query { ${ME} "X." x: AConnection ${OPEN} @cost(weight: "5") }
      "Page." type AConnection { "N." nodes: [A] } "Item." type A { "X." x: Int ${OPEN} }`
    expect(findBreaches(schemaOf(sdl, RULES))).toEqual([
      'AConnection does not weigh what its kind weighs.',
      'AConnection.nodes has no rule.',
      'AConnection.nodes has no size.',
      'AConnection.nodes does not cost what shape costs.',
      'A.x has no rule.',
    ])
  })
})

describe('scope-auth itself', () => {
  const MOMENT = '2026-11-01T00:00:00Z'

  test.each(rootFields.filter((field) => !scopesOf(field).includes('public')))(
    'refuses $name to whoever is not signed in',
    async ({ name, args }) => {
      const selection = name === 'me' ? 'id' : 'totalCount'
      const needed = args.filter(isRequiredArgument).map((one) => `${one.name}: "${MOMENT}"`)
      const given = needed.length === 0 ? '' : `(${needed.join(', ')})`
      const document = parse(`{ ${name}${given} { ${selection} } }`)
      const { errors } = await execute({ schema, document, contextValue: ANONYMOUS_PRINCIPAL })
      expect(errors?.map(({ message }) => message)).toEqual([
        `Not authorized to resolve Query.${name}`,
      ])
    },
  )

  test('lets rules pass that are held, and throws for one that is not', () => {
    const rules = scopeRules(['public', 'self', 'own-sets:read'])
    expect(() => confirmScopes(principalNamed('ada 1'), rules)).not.toThrow()
    expect(() => confirmScopes(principalNamed('ada 0'), rules)).toThrow('does not hold its scopes')
    expect(() => confirmScopes(ANONYMOUS_PRINCIPAL, rules)).toThrow('does not hold its scopes')
    expect(() => confirmScopes(ANONYMOUS_PRINCIPAL, scopeRules([]))).not.toThrow()
  })
})

test('the price list is the published one', () => {
  expect(FIELD_PRICES).toEqual({
    connection: 5,
    totalCount: 5,
    list: 5,
    sum: 20,
    relation: 1,
    'scalar-list': 1,
    'large-json': 5,
    mutation: 10,
    import: 110,
    shape: 0,
  })
  expect([DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE]).toEqual([20, 100])
})
