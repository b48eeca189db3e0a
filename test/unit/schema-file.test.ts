import { readFileSync } from 'node:fs'

import { printSchemaWithDirectives } from '@graphql-tools/utils'
import { expect, test } from 'vitest'

import { schema } from '../../src/schema/schema.ts'
import { findUnannouncedChanges } from '../support/breaking-changes.ts'

const current = readFileSync('schema.graphql', 'utf8')
const released = readFileSync('test/support/schema.released.graphql', 'utf8')

test('schema.graphql is what npm run print-schema writes', () => {
  expect(current).toBe(`${printSchemaWithDirectives(schema)}\n`)
})

test('the schema of the last release is the one of this version', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  expect(released.split('\n', 1)).toEqual([`# Maat ${version}`])
})

test('no client of the last release breaks unannounced', () => {
  const changelog = readFileSync('CHANGELOG.md', 'utf8')
  expect(findUnannouncedChanges({ released, current, changelog })).toEqual([])
})
