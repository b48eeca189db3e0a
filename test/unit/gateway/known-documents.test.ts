import { buildSchema, parse, specifiedRules, validate } from 'graphql'
import { expect, test } from 'vitest'

import { apiError } from '../../../src/errors.ts'
import {
  createKnownDocuments,
  operationHeads,
  type KnownDocument,
} from '../../../src/gateway/known-documents.ts'
import { validateDocument } from '../../../src/gateway/validate-document.ts'
import { collectGarbage } from '../../support/collect-garbage.ts'

const SCHEMA = buildSchema('type Query { a: Int }')

test('a verdict is found by its text, and an accepted document by itself', () => {
  const documents = createKnownDocuments(1_000_000)
  const known = accepted('{ a }')
  documents.remember('{ a }', known)
  expect(documents.get('{ a }')).toBe(known)
  expect(documents.accepted(known.document)).toBe(known)
  expect(documents.get('{ b }')).toBeUndefined()
})

test('verdicts never take more memory than their bound', () => {
  const documents = createKnownDocuments(100_000)
  for (let i = 0; i < 1_000; i += 1) {
    documents.remember(`{ a${i} }`, i % 2 === 0 ? accepted('{ a }') : refused())
    expect(documents.bytes).toBeLessThanOrEqual(100_000)
  }
})

test('a refused document counts with each of its errors', () => {
  const documents = createKnownDocuments(1_000_000)
  documents.remember('{ a }', refused())
  const { bytes } = documents
  const errors = Array.from({ length: 10 }, () => apiError('DOCUMENT_INVALID'))
  documents.remember('{ b }', { kind: 'refused', errors, operations: null })
  expect(documents.bytes - bytes).toBeGreaterThan(bytes + 9 * 1_700)
})

test('a refusal keeps nothing of the document that it refuses', async () => {
  const made = (() => {
    const document = parse('{ a b }')
    const [error] = validateDocument(validate, { schema: SCHEMA, document, rules: specifiedRules })
    return { error, held: new WeakRef(document) }
  })()
  await collectGarbage()
  expect(made.error?.code).toBe('DOCUMENT_INVALID')
  expect(made.held.deref()).toBeUndefined()
})

test('the least recently used verdict is forgotten first', () => {
  const documents = createKnownDocuments(15_000)
  for (const text of ['{ a }', '{ b }', '{ c }']) {
    documents.remember(text, refused())
    documents.get('{ a }')
  }
  documents.remember('{ d }', refused())
  expect(documents.get('{ a }')).toBeDefined()
  expect(documents.get('{ b }')).toBeUndefined()
})

test('what an accepted document keeps counts as long as it is remembered', () => {
  const documents = createKnownDocuments(20_000)
  const known = accepted('{ a }')
  documents.remember('{ a }', known)
  const { bytes } = documents
  documents.addBytes(known.document, 1_000)
  expect(documents.bytes).toBe(bytes + 1_000)
  documents.addBytes(known.document, 20_000)
  expect([documents.bytes, documents.get('{ a }')]).toEqual([0, undefined])
  documents.addBytes(known.document, 1_000)
  expect(documents.bytes).toBe(0)
})

test('a text remembered twice is accounted for once', () => {
  const documents = createKnownDocuments(1_000_000)
  documents.remember('{ a }', refused())
  const { bytes } = documents
  documents.remember('{ a }', refused())
  expect(documents.bytes).toBe(bytes)
})

test('the operations of a document are named in order, without its fragments', () => {
  expect(operationHeads(parse('{ a } mutation B { b } fragment C on D { c }'))).toEqual([
    { kind: 'query', name: '' },
    { kind: 'mutation', name: 'B' },
  ])
})

function accepted(text: string) {
  const document = parse(text)
  const operations = operationHeads(document)
  return { kind: 'accepted', document, operations, compiled: new Map() } satisfies KnownDocument
}

function refused(): KnownDocument {
  return { kind: 'refused', errors: [apiError('DOCUMENT_INVALID')], operations: null }
}
