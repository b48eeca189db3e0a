import { readFileSync } from 'node:fs'

import { parse, validate } from 'graphql'
import { expect, test } from 'vitest'

import { DOCUMENTS } from '../../../src/bin/calibration/documents.ts'
import { BATCH } from '../../../src/bin/calibration/run-documents.ts'
import { schema } from '../../../src/schema/schema.ts'
import { sectionOf } from '../../support/markdown-table.ts'

test.each(DOCUMENTS)('%s is a query that the schema has', (text) => {
  const document = parse(text)
  expect(validate(schema, document)).toEqual([])
  expect(document.definitions).toMatchObject([{ kind: 'OperationDefinition', operation: 'query' }])
})

test('the ledger can tell all of them apart by their names', () => {
  const names = DOCUMENTS.map((text) => /^query (\w+)/.exec(text)?.[1])
  expect(new Set(names).size).toBe(DOCUMENTS.length)
  expect(names).not.toContain(undefined)
})

test('the README says how many there are, and how often each is asked', () => {
  const section = sectionOf(readFileSync('README.md', 'utf8'), 'What points cost')
  const said = `operations of ${DOCUMENTS.length} shapes, ${BATCH} of each in a round`
  expect(section.replaceAll('\n', ' ')).toContain(said)
})
