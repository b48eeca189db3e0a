import { readdirSync } from 'node:fs'

import { expect, test } from 'vitest'

import { lintFiles } from '../support/lint-files.ts'

/** Rows from the top down: a folder imports from lower rows only. */
const ROWS = [
  ['bin'],
  ['http', 'seed'],
  ['gateway'],
  ['schema'],
  ['oversight'],
  ['metering'],
  ['quota'],
  ['auth'],
  ['vault', 'mail', 'audit', 'jobs'],
  ['database'],
  ['cost'],
]
const FOLDERS = [...ROWS.flat(), 'browser']

const imports = FOLDERS.flatMap((from) =>
  FOLDERS.filter((to) => to !== from).map((to) => {
    const path = `src/${from}/some-type/takes-${to}.ts`
    const text = `import type { One } from '../../${to}/one.ts'\nexport const one: One = 1`
    return { from, to, path, text, verdict: isBelow(from, to) ? 'allowed' : 'refused' }
  }),
)
const leaves = ['config', 'errors', 'clock'].map((leaf) => ({
  path: `src/${leaf}.ts`,
  text: "import type { One } from './database/one.ts'\nexport const one: One = 1",
}))
const broken = lintFiles(
  new Map([
    ...FOLDERS.map((folder) => [`src/${folder}/one.ts`, 'export type One = 1'] as const),
    ...[...imports, ...leaves].map(({ path, text }) => [path, text] as const),
  ]),
)

test.each(imports)('an import from $from to $to is $verdict', ({ path, verdict }) => {
  expect(broken.get(path)).toEqual(verdict === 'allowed' ? [] : ['eslint(no-restricted-imports)'])
})

test.each(leaves)('$path imports no folder', ({ path }) => {
  expect(broken.get(path)).toEqual(['eslint(no-restricted-imports)'])
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
