import { readFileSync, readdirSync } from 'node:fs'

import { expect, test } from 'vitest'

import { ACCESS, ROLE_CAPS, type AccessRule } from '../../src/auth/access.ts'
import { VARIABLES } from '../../src/config.ts'
import { ERRORS } from '../../src/errors.ts'
import { FIELD_PRICES } from '../../src/schema/prices.ts'
import { readTable, sectionOf } from '../support/markdown-table.ts'

const readme = readFileSync('README.md', 'utf8')
const manifest: Record<string, Record<string, string>> = JSON.parse(
  readFileSync('package.json', 'utf8'),
)

test('the table of scopes is the access matrix', () => {
  const scopes = Object.entries<AccessRule>(ACCESS).map(
    ([scope, { level, by, consent, roles }]) => [
      scope,
      level === null ? 'none' : String(level),
      [by, ...(roles ?? [])].join(', '),
      consent ?? 'none',
    ],
  )
  expect(readTable(readme, 'Scopes').map((row) => row.slice(0, 4))).toEqual(scopes)
})

test('the table of roles holds the highest level of each', () => {
  const caps = Object.entries(ROLE_CAPS).map(([role, level]) => [role, String(level)])
  expect(readTable(readme, 'Roles')).toEqual(caps)
})

test('the table of prices is the price list', () => {
  const prices = Object.entries(FIELD_PRICES).map(([kind, points]) => [kind, String(points)])
  expect(readTable(readme, 'Prices').map((row) => row.slice(0, 2))).toEqual(prices)
})

test('the table of errors is the error table', () => {
  const errors = Object.entries(ERRORS).map(([code, { status, message }]) => [
    String(status),
    code,
    message,
  ])
  expect(readTable(readme, 'Errors')).toEqual(errors)
})

test('the table of the configuration names every variable and what it accepts', () => {
  const variables = Object.entries(VARIABLES).map(([name, rule]) => [name, rule.description])
  expect(readTable(readme, 'Configuration').map((row) => row.slice(0, 2))).toEqual(variables)
})

test.each(Object.entries(VARIABLES))('the default of %s is the one of the README', (name, rule) => {
  const [, , shown] = readTable(readme, 'Configuration').find((row) => row[0] === name) ?? []
  expect(rule.safeParse(undefined).data ?? []).toEqual(shown === '' ? [] : rule.parse(shown))
})

test.each([
  ['Dependencies', ['dependencies', 'optionalDependencies']],
  ['Development dependencies', ['devDependencies']],
])('the table of %s gives a reason for every package', (heading, kinds) => {
  const table = readTable(readme, heading)
  const names = table.flatMap(([cell = '']) => cell.replaceAll('`', '').split(', '))
  const packages = kinds.flatMap((kind) => Object.keys(manifest[kind] ?? {}))
  expect(names.toSorted()).toEqual(packages.toSorted())
  expect(table.map((row) => row[1])).not.toContain('')
})

test('the layout has one line for every folder of src', () => {
  const folders = readdirSync('src', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
  const lines = sectionOf(readme, 'Layout').matchAll(/^ {2}(\S+)\/ +\S/gm)
  expect(new Set([...lines].map(([, name]) => name))).toEqual(new Set(folders))
})

test('every npm script that the README names exists', () => {
  const named = [...readme.matchAll(/npm run (?:-s )?([a-z:-]+)/g)].map(([, name]) => name)
  expect(Object.keys(manifest['scripts'] ?? {})).toEqual(expect.arrayContaining(named))
})
