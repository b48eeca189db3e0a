import { buildSchema, parse } from 'graphql'
import { expect, test } from 'vitest'

import { ANONYMOUS } from '../../../src/auth/access.ts'
import { compileCost } from '../../../src/cost/schema-cost.ts'
import { apiError } from '../../../src/errors.ts'
import { compileOnce, planAccounted } from '../../../src/gateway/compiled-operations.ts'
import { createKnownDocuments, operationHeads } from '../../../src/gateway/known-documents.ts'
import type { Operation } from '../../../src/schema/plan/operation.ts'
import type { Plan } from '../../../src/schema/plan/plan.ts'

test('an operation is compiled once for its document', () => {
  const { options, document, compilations } = remembered('query A { a } query B { a }')
  const first = compileOnce(options, document, 'A')
  expect(compileOnce(options, document, 'A')).toBe(first)
  expect(compileOnce(options, document, 'B')).not.toBe(first)
  expect(compilations).toEqual(['A', 'B'])
})

test('an operation that the document does not hold is unknown', () => {
  const { options, document } = remembered('{ a }')
  expect(() => compileOnce(options, document, 'B')).toThrow(
    expect.objectContaining({ code: 'OPERATION_UNKNOWN' }),
  )
})

test('a document is accounted with what its operations keep, once', () => {
  const { options, document, keep } = remembered('{ a }')
  const compiled = compileOnce(options, document, null)
  const plan = (): number => {
    const before = options.documents.bytes
    planAccounted(options, compiled, ASKED)
    return options.documents.bytes - before
  }
  keep.bytes = 30_000
  expect(plan()).toBe(30_000)
  keep.bytes = 0
  expect(plan()).toBe(0)
})

test('a refusal that is kept is accounted for as well', () => {
  const { options, document, keep } = remembered('{ a }')
  const compiled = compileOnce(options, document, null)
  const before = options.documents.bytes
  keep.bytes = 5_000
  keep.refuses = true
  expect(() => planAccounted(options, compiled, ASKED)).toThrow(
    expect.objectContaining({ code: 'UNAUTHENTICATED' }),
  )
  expect(options.documents.bytes - before).toBe(5_000)
})

test('a plan that is made draws an attempt, the first one and one that is found draw none', () => {
  const { options, document, keep, drawn } = remembered('{ a }')
  const compiled = compileOnce(options, document, null)
  keep.makes = 1
  planAccounted(options, compiled, ASKED)
  keep.makes = 0
  planAccounted(options, compiled, ASKED)
  expect(drawn).toEqual([])
  keep.makes = 1
  planAccounted(options, compiled, ASKED)
  keep.refuses = true
  expect(() => planAccounted(options, compiled, ASKED)).toThrow('Present a valid')
  expect(drawn).toEqual([1, 1])
})

function remembered(text: string) {
  const documents = createKnownDocuments(10_000_000)
  const document = parse(text)
  const operations = operationHeads(document)
  documents.remember(text, { kind: 'accepted', document, operations, compiled: new Map() })
  const compilations: unknown[] = []
  /** What the next call of plan keeps, and whether it refuses. */
  const keep = { bytes: 0, refuses: false, makes: 0 }
  let keptBytes = 0
  let made = 0
  const compileOperation = (_schema: unknown, _document: unknown, name: unknown): Operation => {
    compilations.push(name)
    return {
      kind: 'query',
      rootFields: ['a'],
      get keptBytes() {
        return keptBytes
      },
      get made() {
        return made
      },
      plan() {
        keptBytes += keep.bytes
        made += keep.makes
        if (keep.refuses) throw apiError('UNAUTHENTICATED')
        return PLAN
      },
    }
  }
  const schema = buildSchema('type Query { a: Int }')
  const drawn: number[] = []
  const demand = { attempts: { take: (_claim: unknown, amount: number) => drawn.push(amount) } }
  const options = { schema, prices: compileCost(schema), compileOperation, documents, demand }
  return { options, document, compilations, keep, drawn }
}

const ASKED = {
  standing: ANONYMOUS,
  variables: {},
  claims: {
    attempts: { subject: 'a', budget: { kind: 'bucket', capacity: 1, restorePerSecond: 1 } },
  },
} as const

const PLAN: Plan = {
  statement: null,
  fixedCharacters: 0,
  counted: [],
  introspectionObjects: null,
  problems: () => [],
  run: () => Promise.resolve({ data: '{}', counts: [] }),
}
