import { buildSchema, parse } from 'graphql'
import { expect, test } from 'vitest'

import { accountForPlan, compileOnce } from '../../../src/gateway/compiled-operations.ts'
import { KnownDocuments, operationHeads } from '../../../src/gateway/known-documents.ts'
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

test('each plan is accounted for once, by its statement or by the answer that it holds', () => {
  const { options, document } = remembered('{ a }')
  const compiled = compileOnce(options, document, null)
  const grownBy = (plan: Plan, data: string): number => {
    const before = options.documents.bytes
    accountForPlan(options, document, compiled, { plan, data })
    return options.documents.bytes - before
  }
  const plan = planOf('x'.repeat(1_000))
  expect(grownBy(plan, '{}')).toBeGreaterThan(30_000)
  expect(grownBy(plan, '{}')).toBe(0)
  expect(grownBy(planOf(null), 'x'.repeat(50_000))).toBeGreaterThan(100_000)
})

test('no more plans are accounted for than an operation keeps', () => {
  const { options, document } = remembered('{ a }')
  const compiled = compileOnce(options, document, null)
  for (let i = 0; i < 30; i += 1) {
    accountForPlan(options, document, compiled, { plan: planOf('x'), data: '{}' })
  }
  expect(compiled.plans.size).toBe(16)
})

function remembered(text: string) {
  const documents = new KnownDocuments(10_000_000)
  const document = parse(text)
  const operations = operationHeads(document)
  documents.remember(text, { kind: 'accepted', document, operations, compiled: new Map() })
  const compilations: unknown[] = []
  const compileOperation = (_schema: unknown, _document: unknown, name: unknown): Operation => {
    compilations.push(name)
    return { kind: 'query', plan: () => planOf(null) }
  }
  const schema = buildSchema('type Query { a: Int }')
  return { options: { schema, compileOperation, documents }, document, compilations }
}

function planOf(statement: string | null): Plan {
  const answer = { data: '{}', counts: [] }
  return {
    statement,
    fixedCharacters: 0,
    counted: [],
    problems: () => [],
    run: () => Promise.resolve(answer),
  }
}
