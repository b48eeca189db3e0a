import { expect, test } from 'vitest'

import { lintFiles } from '../support/lint-files.ts'

/** File, text, and the one rule that it breaks; null: none. */
const CASES = [
  ['src/auth/floating.ts', 'Promise.resolve()', 'typescript(no-floating-promises)'],
  [
    'src/auth/misused.ts',
    'export const f = (names: string[]) => names.forEach(async () => Promise.resolve())',
    'typescript(no-misused-promises)',
  ],
  [
    'src/auth/switch.ts',
    "export function f(kind: 'a' | 'b') { switch (kind) { case 'a': return 1 }; return 2 }",
    'typescript(switch-exhaustiveness-check)',
  ],
  [
    'src/auth/number.ts',
    'export const f = (level: number) => (level ? 1 : 2)',
    'typescript(strict-boolean-expressions)',
  ],
  [
    'src/auth/string.ts',
    'export const f = (name: string) => (name ? 1 : 2)',
    'typescript(strict-boolean-expressions)',
  ],
  ['src/auth/any.ts', 'export const f = (x: any) => typeof x', 'typescript(no-explicit-any)'],
  [
    'src/auth/non-null.ts',
    'export const f = (x: string | null) => x!',
    'typescript(no-non-null-assertion)',
  ],
  ['src/auth/default.ts', 'const one = 1\nexport default one', 'import(no-default-export)'],
  ['src/browser/vite.config.ts', 'export default { port: 4000 }', null],
  ['test/vitest.config.ts', "export default { port: process.env['PORT'] }", null],
  ['src/auth/env.ts', "export const port = process.env['PORT']", 'node(no-process-env)'],
  ['src/bin/env.ts', "export const port = process.env['PORT']", 'node(no-process-env)'],
  ['src/config.ts', "export const port = process.env['PORT']", null],
  ['src/auth/console.ts', "console.log('here')", 'eslint(no-console)'],
  ['src/bin/console.ts', "console.log('here')", null],
  ['src/auth/camelCase.ts', 'export const one = 1', 'unicorn(filename-case)'],
  [
    'src/auth/cycle-a.ts',
    "import { b } from './cycle-b.ts'\nexport const a = () => b",
    'import(no-cycle)',
  ],
  [
    'src/auth/cycle-b.ts',
    "import { a } from './cycle-a.ts'\nexport const b = () => a",
    'import(no-cycle)',
  ],
  ['test/unit/focused.test.ts', testFile('only'), 'vitest(no-focused-tests)'],
  ['test/unit/skipped.test.ts', testFile('skip'), 'vitest(no-disabled-tests)'],
] as const

const broken = lintFiles(new Map(CASES.map(([path, text]) => [path, text])))

test.each(CASES)('%s: %j breaks %s alone', (path, _text, rule) => {
  expect(broken.get(path)).toEqual(rule === null ? [] : [rule])
})

function testFile(mark: 'only' | 'skip'): string {
  return `import { expect, test } from 'vitest'\ntest.${mark}('a rule', () => { expect(1).toBe(1) })`
}
