import { parse } from 'graphql'
import { describe, expect, test } from 'vitest'

import { operationHeads } from '../../../src/gateway/known-documents.ts'
import { selectOperation } from '../../../src/gateway/select-operation.ts'

describe('the operation of a request', () => {
  test('is the only one when none is named', () => {
    expect(select('query A { a }', null)).toEqual({ kind: 'query', name: 'A' })
  })

  test('is the named one of several', () => {
    expect(select('query A { a } mutation B { b }', 'B')).toEqual({ kind: 'mutation', name: 'B' })
  })

  test.each([
    ['of several when none is named', 'query A { a } query B { b }', null],
    ['of a name that the document does not hold', 'query A { a }', 'B'],
    ['of a document of fragments', 'fragment A on B { c }', null],
    ['named like a member of Object.prototype', 'query A { a }', 'constructor'],
  ])('%s is unknown', (_case, document, name) => {
    expect(() => select(document, name)).toThrow(
      expect.objectContaining({ code: 'OPERATION_UNKNOWN' }),
    )
  })
})

test('GET runs queries alone, and says with what else to come', () => {
  const mutation = operationHeads(parse('mutation { a }'))
  expect(() => selectOperation(mutation, null, 'GET')).toThrow(
    expect.objectContaining({
      code: 'METHOD_NOT_ALLOWED',
      extensions: { code: 'METHOD_NOT_ALLOWED', allow: 'POST' },
    }),
  )
})

function select(document: string, name: string | null) {
  return selectOperation(operationHeads(parse(document)), name, 'POST')
}
