import { readFileSync, readdirSync } from 'node:fs'

import { parse } from 'graphql'
import { expect, test } from 'vitest'

import { ACCESS, ROLE_CAPS, type AccessRule } from '../../src/auth/access.ts'
import { VARIABLES } from '../../src/config.ts'
import { compileOperation } from '../../src/cost/compile-operation.ts'
import { compileCost } from '../../src/cost/schema-cost.ts'
import { ERRORS } from '../../src/errors.ts'
import { parsePolicyRows } from '../../src/quota/parse-policy-rows.ts'
import { assertCeilingsFit } from '../../src/quota/policy-ceilings.ts'
import { CHARACTERS_PER_ATTEMPT } from '../../src/gateway/limits.ts'
import { POLICY_ROWS } from '../../src/quota/policy-rows.ts'
import { LINES_MAX } from '../../src/schema/ledger/ledger.sql.ts'
import { printPriceList } from '../../src/schema/price-list.ts'
import { FIELD_PRICES } from '../../src/schema/prices.ts'
import { schema } from '../../src/schema/schema.ts'
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

test('the table of kinds holds the price of each', () => {
  const prices = Object.entries(FIELD_PRICES).map(([kind, points]) => [kind, String(points)])
  expect(readTable(readme, 'Prices by kind').map((row) => row.slice(0, 2))).toEqual(prices)
})

test('the price list is the one that the schema prints', () => {
  const printed = readTable(`# Printed\n\n${printPriceList(schema)}`, 'Printed')
  expect(readTable(readme, 'Price list')).toEqual(printed)
})

test('the operation that is priced by hand costs what its table adds up to', () => {
  const [, document = ''] =
    /^```graphql\n([\s\S]*?)^```$/m.exec(sectionOf(readme, 'The price')) ?? []
  const table = readTable(readme, 'The price').map(([what = '', points = '']) => ({ what, points }))
  const sum = table.slice(0, -1).reduce((total, { points }) => total + evaluated(points), 0)
  const together = table.at(-1)
  expect(compileOperation(compileCost(schema), parse(document)).estimatePoints({})).toBe(sum)
  expect(Number(together?.points)).toBe(sum)
  expect(together?.what).toContain(`${sum} points`)
  expect(sectionOf(readme, 'The price')).toContain(`"estimated": ${sum}`)
})

test('what an account pays for it, and has back, is what the counts of its sets and patterns make', () => {
  const section = sectionOf(readme, 'The price').replaceAll('\n', ' ')
  const [, document = ''] =
    /^```graphql\n([\s\S]*?)^```$/m.exec(sectionOf(readme, 'The price')) ?? []
  const program = compileOperation(compileCost(schema), parse(document))
  const labels = ['me', 'me.measurementSets', 'me.measurementSets.nodes.patterns']
  const paid = program.bindCounts(labels, {})([1, 3, 6], {})
  const back = program.estimatePoints({}) - paid
  expect(section).toContain('An account with 3 sets of 2 patterns pays')
  expect(section).toContain(`= ${paid} for it, and has ${back} back`)
  const left = POLICY_ROWS.burst.capacity - paid
  expect(section).toContain(`"actual": ${paid}, "refunded": ${back}, "remaining": ${left},`)
})

test('a file of the ledger costs what the README says', () => {
  const ledger = `{ ledger(from: "2026-11-01T00:00:00Z", to: "2026-12-01T00:00:00Z") { lines { points } } }`
  const program = compileOperation(compileCost(schema), parse(ledger))
  const costOf = (lines: number) => program.bindCounts(['ledger.lines'], {})([lines], {})
  const [none, most] = [costOf(0), program.estimatePoints({})]
  expect(costOf(20)).toBe(none + 1)
  expect(costOf(LINES_MAX)).toBe(most)
  expect(sectionOf(readme, 'The price').replaceAll('\n', ' ')).toContain(
    `costs ${none} points and 1 for each 20 lines, ${most} at most`,
  )
  expect(readme.replaceAll('\n', ' ')).toContain(`more than ${spaced(LINES_MAX)} lines`)
})

/** Points as the README writes them: `10 x 5 x 1`, `1 + 1`. */
function evaluated(text: string): number {
  const products = text.split(' + ').map((term) => term.split(' x ').map(Number))
  return products.reduce((sum, factors) => sum + factors.reduce((a, b) => a * b), 0)
}

test('the table of budgets is the policy table', () => {
  const rows: Record<string, unknown> = Object.fromEntries(
    readTable(readme, 'Budgets').map(([name = '', , points = '', restored = '']) => {
      const capacity = numberIn(points)
      const isDay = restored === 'each day'
      return [name, isDay ? { capacity } : { capacity, restorePerSecond: numberIn(restored) }]
    }),
  )
  const policies = Object.entries(POLICY_ROWS).filter(
    ([, row]) => typeof row === 'object' && row !== null && 'capacity' in row,
  )
  expect(rows).toEqual(Object.fromEntries(policies))
})

test('what one operation may cost, and how many run at once, is what the policy table says', () => {
  const section = sectionOf(readme, 'Budgets').replaceAll('\n', ' ')
  const { ceiling, levels, 'in-flight': eight, 'anonymous-in-flight': many } = POLICY_ROWS
  expect([eight, levels[4]]).toEqual([8, undefined])
  expect(section).toContain(
    `One operation may cost ${spaced(ceiling)} points, from level 5 on ${spaced(levels[5]?.ceiling)}, without a key ${POLICY_ROWS['anonymous-ceiling']}`,
  )
  expect(section).toContain(`Eight operations of an account run at the same time, ${many} of an`)
  expect(section).toContain(`for each further ${CHARACTERS_PER_ATTEMPT / 1000} kB of a long body`)
})

function numberIn(text: string): number {
  return Number(/[\d ]*\d/.exec(text)?.[0]?.replaceAll(' ', ''))
}

function spaced(points: number | undefined): string {
  return String(points).replace(/(?=\d{3}$)/, ' ')
}

test('the example of a policy file is one', () => {
  const section = sectionOf(readme, 'Budgets of your own')
  const [, file = ''] = /^```json\n([\s\S]*?)^```$/m.exec(section) ?? []
  const rows = parsePolicyRows(file, 'README.md')
  assertCeilingsFit(rows, 'README.md')
  expect(rows).toMatchObject(JSON.parse(file))
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
