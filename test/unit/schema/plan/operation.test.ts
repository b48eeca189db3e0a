import { parse, validate } from 'graphql'
import { describe, expect, test } from 'vitest'
import { ANONYMOUS } from '../../../../src/auth/access.ts'
import { ApiError } from '../../../../src/errors.ts'
import { MAX_RELATIONS } from '../../../../src/schema/plan/build.ts'
import { compileOperation } from '../../../../src/schema/plan/operation.ts'
import { schema } from '../../../../src/schema/schema.ts'
import { collectGarbage } from '../../../support/collect-garbage.ts'
import { principalNamed } from '../../../support/planned-request.ts'

function compile(text: string, operationName?: string) {
  const document = parse(text)
  expect(validate(schema, document)).toEqual([])
  return compileOperation(schema, document, operationName)
}

function refusalOf(act: () => unknown): ApiError {
  try {
    act()
  } catch (error) {
    if (error instanceof ApiError) return error
    throw error
  }
  throw new Error('Nothing was refused.')
}

describe('the operation', () => {
  const TWO = 'query A { version } query B { __typename }'

  test('is the one that is named, or the only one', () => {
    expect(compile(TWO, 'B').kind).toBe('query')
    expect(compile('{ version }').kind).toBe('query')
  })

  test('names its root fields, those behind switches and fragments among them', () => {
    const text = `query ($a: Boolean!) { v: version ...F ... on Query { version __typename } }
      fragment F on Query { me @include(if: $a) { id } apiKeys { totalCount } ...F2 }
      fragment F2 on Query { version ... @skip(if: $a) { node(id: "x") { id } } }`
    expect(compile(text).rootFields).toEqual(['version', 'me', 'apiKeys', 'node', '__typename'])
  })

  test.each([
    ['several without a name', TWO, undefined],
    ['a name that none has', TWO, 'C'],
    ['a fragment', '{ ...F } fragment F on Query { version }', 'F'],
  ])('is unknown for %s', (_what, text, name) => {
    expect(refusalOf(() => compile(text, name)).code).toBe('OPERATION_UNKNOWN')
  })
})

const SWITCHES = ['a', 'b', 'c', 'd', 'e']
const DECLARED = SWITCHES.map((name) => `$${name}: Boolean!`).join(' ')

/** The variables whose switches stand as the bits of the number. */
function switched(bits: number): Readonly<Record<string, boolean>> {
  return Object.fromEntries(SWITCHES.map((name, i) => [name, (bits & (1 << i)) !== 0]))
}

describe('what an operation keeps', () => {
  test('counts the text that a plan holds ready, beside its statement', () => {
    const operation = compile(
      '{ curatedSets(first: 1) { totalCount } __schema { types { name description fields { name description } } } }',
    )
    const { statement, fixedCharacters } = operation.plan(ANONYMOUS, {})
    expect(fixedCharacters).toBeGreaterThan(10_000)
    expect(operation.keptBytes).toBeGreaterThan(2 * fixedCharacters + 30 * (statement ?? '').length)
  })

  test('counts a refusal', () => {
    const operation = compile('{ me { id } }')
    refusalOf(() => operation.plan(ANONYMOUS, {}))
    expect(operation.keptBytes).toBeGreaterThan(0)
  })

  test('counts a plan whose values are refused', () => {
    const operation = compile('query ($n: Int) { curatedSets(first: $n) { nodes { id } } }')
    refusalOf(() => operation.plan(ANONYMOUS, { n: -1 }))
    expect(operation.keptBytes).toBeGreaterThan(10_000)
  })

  test('does not grow by what is kept already', () => {
    const operation = compile('query ($n: Int) { curatedSets(first: $n) { nodes { id } } }')
    operation.plan(ANONYMOUS, { n: 1 })
    const { keptBytes } = operation
    operation.plan(ANONYMOUS, { n: 2 })
    expect(operation.keptBytes).toBe(keptBytes)
  })
})

describe('plans', () => {
  const DOCUMENT = `query (${DECLARED}) {
    curatedSets { nodes { id ${SWITCHES.map((name) => `${name}: id @include(if: $${name})`).join(' ')} } }
  }`

  test('are made once for all requests that decide alike', () => {
    const operation = compile('query ($n: Int) { curatedSets(first: $n) { nodes { id } } }')
    const plan = operation.plan(ANONYMOUS, { n: 1 })
    expect(operation.plan(ANONYMOUS, { n: 100 })).toBe(plan)
    expect(operation.plan(ANONYMOUS, {})).toBe(plan)
    expect(operation.plan(ANONYMOUS, { n: null })).toBe(plan)
  })

  test('are made anew for another standing', () => {
    const operation = compile('{ curatedSets { nodes { id } } }')
    const { standing } = principalNamed('ada 1')
    expect(operation.plan(standing, {})).not.toBe(operation.plan(ANONYMOUS, {}))
    expect(operation.plan({ ...standing }, {})).toBe(operation.plan(standing, {}))
  })

  test('are kept up to 16 for one operation, over all standings', () => {
    const operation = compile(DOCUMENT)
    const { standing } = principalNamed('ada 1')
    const standings = [ANONYMOUS, standing]
    const asks = Array.from({ length: 64 }, (_, i) => i)
    const plan = (ask: number) =>
      operation.plan(standings[ask % 2] ?? ANONYMOUS, switched(ask >> 1))
    const first = asks.map(plan)
    const again = asks.map(plan)
    expect(asks.filter((ask) => first[ask] === again[ask])).toEqual(asks.slice(0, 16))
  })

  test('are the same for all texts too long to name a type', () => {
    const operation = compile('query ($t: String!) { __type(name: $t) { name } }')
    const plan = operation.plan(ANONYMOUS, { t: 'x'.repeat(1_000) })
    expect(operation.plan(ANONYMOUS, { t: 'x'.repeat(100_000) })).toBe(plan)
    expect(operation.plan(ANONYMOUS, { t: 'Query' })).not.toBe(plan)
  })

  test('hold on to nothing of the requests that use them', async () => {
    const operation = compile(`query ($f: MeasurementSetFilter, $x: Boolean!) {
      account(username: "ada") { id @include(if: $x) measurementSets(filter: $f) { totalCount } }
    }`)
    const planned = (isPublic: boolean) => {
      const variables = { f: { public: isPublic }, x: true }
      const plan = operation.plan(ANONYMOUS, variables)
      return { plan, held: [new WeakRef(variables), new WeakRef(variables.f)] }
    }
    const [made, used] = [planned(true), planned(false)]
    expect(used.plan).toBe(made.plan)
    await collectGarbage()
    expect([...made.held, ...used.held].filter((ref) => ref.deref() !== undefined)).toEqual([])
  })

  test('that are not kept say the same', () => {
    const operation = compile(DOCUMENT)
    const statements = Array.from(
      { length: 32 },
      (_, i) => operation.plan(ANONYMOUS, switched(i)).statement,
    )
    expect(operation.plan(ANONYMOUS, switched(31)).statement).toBe(statements[31])
    expect(new Set(statements).size).toBe(32)
  })
})

describe(`an operation of more than ${MAX_RELATIONS} lists and objects`, () => {
  test('is refused, and not by the database', () => {
    const operation = compile(`{ ${owners(MAX_RELATIONS + 1)} }`)
    expect(refusalOf(() => operation.plan(ANONYMOUS, {})).code).toBe('DOCUMENT_TOO_LARGE')
  })

  test('is refused where fragments multiply them', () => {
    const levels = Array.from(
      { length: 7 },
      (_, i) =>
        `fragment F${i} on MeasurementSet { a: baseSet { ...F${i + 1} } b: baseSet { ...F${i + 1} } }`,
    )
    const operation = compile(
      `{ measurementSet(id: "x") { ...F0 } } ${levels.join(' ')} fragment F7 on MeasurementSet { id }`,
    )
    expect(refusalOf(() => operation.plan(ANONYMOUS, {})).code).toBe('DOCUMENT_TOO_LARGE')
  })

  test('is planned as long as it stays below', () => {
    const { counted } = compile(`{ ${owners(MAX_RELATIONS)} }`).plan(ANONYMOUS, {})
    expect(counted).toHaveLength(MAX_RELATIONS)
  })

  test('counts a list as one, whatever its statement takes', () => {
    const { counted } = compile(`{ ${pages(MAX_RELATIONS)} }`).plan(ANONYMOUS, {})
    expect(counted).toHaveLength(MAX_RELATIONS)
  })
})

describe('what an operation asks of the schema', () => {
  test.each([
    ['null where it asks nothing of it', '{ version __typename }', null],
    ['0 for a type that is not there', '{ __type(name: "Nothing") { name } }', 0],
    ['1 for a type', '{ __type(name: "LengthUnit") { name kind } }', 1],
    [
      '1 for a type and for each of its values',
      '{ __type(name: "LengthUnit") { enumValues { name } } }',
      4,
    ],
    [
      'those of all root fields, a constant aside',
      '{ version a: __type(name: "ID") { name } b: __schema { queryType { name } } }',
      3,
    ],
  ])('is counted in objects: %s', (_what, text, objects) => {
    expect(compile(text).plan(ANONYMOUS, {}).introspectionObjects).toBe(objects)
  })
})

test('what an operation asks of the schema is bounded over all its root fields', () => {
  const types = 'types { name description fields { name description type { name } } }'
  const roots = Array.from({ length: 60 }, (_, i) => `a${i}: __schema { ${types} }`)
  const operation = compile(`{ ${roots.join(' ')} }`)
  expect(refusalOf(() => operation.plan(ANONYMOUS, {})).code).toBe('ANSWER_TOO_LARGE')
})

test('refusals take no place from plans', () => {
  const switches = SWITCHES.map((name) => `${name}: id @include(if: $${name})`).join(' ')
  const operation = compile(`query (${DECLARED}) { me { id ${switches} } }`)
  for (let bits = 0; bits < 32; bits += 1) {
    const refusal = refusalOf(() => operation.plan(ANONYMOUS, switched(bits)))
    expect(refusal.code).toBe('UNAUTHENTICATED')
  }
  const { standing } = principalNamed('ada 1')
  expect(operation.plan(standing, switched(0))).toBe(operation.plan(standing, switched(0)))
})

function pages(count: number): string {
  return Array.from({ length: count }, (_, i) => `a${i}: curatedSets { nodes { id } }`).join(' ')
}

function owners(count: number): string {
  return Array.from({ length: count }, (_, i) => `a${i}: account(username: "a") { id }`).join(' ')
}
