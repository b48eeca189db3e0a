import { globSync, readdirSync, readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { lintFiles } from '../support/lint-files.ts'

/** Rows from the top down: a folder imports from lower rows only. */
const ROWS = [
  ['bin'],
  ['http', 'seed'],
  ['gateway'],
  ['schema'],
  ['oversight', 'community'],
  ['metering'],
  ['quota'],
  ['auth'],
  ['mail', 'audit', 'jobs'],
  ['vault'],
  ['database'],
  ['cost', 'measurements'],
]
const FOLDERS = [...ROWS.flat(), 'browser']

const imports = FOLDERS.flatMap((from) =>
  FOLDERS.filter((to) => to !== from).map((to) => {
    const path = `src/${from}/some-type/takes-${to}.ts`
    const text = `import type { One } from '../../${to}/one.ts'\nexport const one: One = 1`
    return { from, to, path, text, verdict: isBelow(from, to) ? 'allowed' : 'refused' }
  }),
)
const PIPELINE = ['graphql-yoga', '@graphql-yoga/common', '@escape.tech/graphql-armor']
const packages = [
  ...FOLDERS.flatMap((from) =>
    PIPELINE.map((name) => ({ from, name, allowed: from === 'gateway' })),
  ),
  { from: 'cost', name: 'graphql', allowed: true },
  { from: 'cost', name: './below/one.ts', allowed: true },
  { from: 'cost', name: '../errors.ts', allowed: false },
  { from: 'cost', name: 'zod', allowed: false },
  { from: 'cost', name: 'node:fs', allowed: false },
].map(({ from, name, allowed }, index) => ({
  from,
  name,
  path: `src/${from}/takes-package-${index}.ts`,
  text: `import type { One } from '${name}'\nexport const one: One = 1`,
  verdict: allowed ? 'allowed' : 'refused',
}))
const leaves = ['config', 'errors', 'clock'].map((leaf) => ({
  path: `src/${leaf}.ts`,
  text: "import type { One } from './database/one.ts'\nexport const one: One = 1",
}))
const broken = lintFiles(
  new Map([
    ...FOLDERS.map((folder) => [`src/${folder}/one.ts`, 'export type One = 1'] as const),
    ...[...imports, ...packages, ...leaves].map(({ path, text }) => [path, text] as const),
  ]),
)

test.each(imports)('an import from $from to $to is $verdict', ({ path, verdict }) => {
  expect(broken.get(path)).toEqual(verdict === 'allowed' ? [] : ['eslint(no-restricted-imports)'])
})

test.each(packages)('an import of $name in src/$from is $verdict', ({ path, verdict }) => {
  expect(broken.get(path)).toEqual(verdict === 'allowed' ? [] : ['eslint(no-restricted-imports)'])
})

// Lint does not look into import().
test.each(globSync('src/**/*.{ts,tsx}'))('%s loads nothing late but packages', (path) => {
  expect(readFileSync(path, 'utf8')).not.toMatch(/\bimport\((?!'[@a-z])/)
})

test.each(leaves)('$path imports no folder', ({ path }) => {
  expect(broken.get(path)).toEqual(['eslint(no-restricted-imports)'])
})

test('the top level holds nothing else, beside what .gitignore names', () => {
  const ignored = readFileSync('.gitignore', 'utf8').replaceAll('/', '').split('\n')
  const entries = readdirSync('.').filter((name) => !name.startsWith('.'))
  expect(new Set(entries.filter((name) => !ignored.includes(name)))).toEqual(
    new Set([
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'db',
      'package-lock.json',
      'package.json',
      'schema.graphql',
      'src',
      'test',
      'tsconfig.json',
    ]),
  )
})

test('every folder of src has its row', () => {
  const folders = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory())
  expect(FOLDERS).toEqual(expect.arrayContaining(folders.map((folder) => folder.name)))
})

function isBelow(from: string, to: string): boolean {
  return from !== 'browser' && to !== 'browser' && rowOf(to) > rowOf(from)
}

function rowOf(folder: string): number {
  return ROWS.findIndex((row) => row.includes(folder))
}
