import { defineConfig, type OxlintOverride } from 'oxlint'

/** Folders of src from the top down: one imports from the rows below its own, never from its own row or above. */
const LAYERS = [
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
const FOLDERS = [...LAYERS.flat(), 'browser']

interface Pattern {
  readonly regex?: string
  /** As in .gitignore. */
  readonly group?: string[]
  readonly message: string
}

const PIPELINE: Pattern = {
  group: ['graphql-yoga', '@graphql-yoga/*', '@envelop/*', '@escape.tech/*'],
  message: 'Only src/gateway knows what the pipeline is made of.',
}
const ALL_BUT_GRAPHQL: Pattern = {
  group: ['*', '!graphql', '!./**'],
  message: 'src/cost imports nothing but graphql.',
}

const oneWay = LAYERS.flatMap((row, depth) => {
  const below = LAYERS.slice(depth + 1).flat()
  return row.map((folder) => {
    const above = folders(without(FOLDERS, [folder, ...below]))
    return forbid(`src/${folder}/**`, folder === 'gateway' ? [above] : [above, PIPELINE])
  })
})

export default defineConfig({
  plugins: ['typescript', 'unicorn', 'oxc', 'import', 'node', 'promise', 'vitest'],
  options: { typeAware: true },
  categories: { correctness: 'error', suspicious: 'error' },
  ignorePatterns: ['dist', 'src/database/tables.generated.ts', 'test/bench/node_modules'],
  rules: {
    'import/no-cycle': 'error',
    'import/no-default-export': 'error',
    'node/no-process-env': 'error',
    'typescript/no-explicit-any': 'error',
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/strict-boolean-expressions': ['error', { allowNumber: false, allowString: false }],
    'typescript/switch-exhaustiveness-check': [
      'error',
      { considerDefaultExhaustiveForUnions: true },
    ],
    'unicorn/filename-case': ['error', { case: 'kebabCase' }],
    'vitest/no-disabled-tests': 'error',
    'vitest/no-focused-tests': 'error',
    // The compiler and no-floating-promises see these better.
    'consistent-return': 'off',
    'promise/no-promise-in-callback': 'off',
    // Kinds of nodes in graphql are an enum, told apart by their text; a cast needs a comment, not a directive.
    'typescript/no-unsafe-enum-comparison': 'off',
    'typescript/no-unsafe-type-assertion': 'off',
    // Default imports and imports for their effect are what some packages ask for.
    'import/default': 'off',
    'import/no-named-as-default-member': 'off',
    'import/no-unassigned-import': 'off',
  },
  overrides: [
    {
      files: ['src/**'],
      rules: { 'no-console': 'error', 'typescript/no-non-null-assertion': 'error' },
    },
    { files: ['src/bin/**'], rules: { 'no-console': 'off' } },
    { files: ['src/config.ts', 'test/**'], rules: { 'node/no-process-env': 'off' } },
    { files: ['**/*.config.ts'], rules: { 'import/no-default-export': 'off' } },
    { files: ['**/*.cjs'], rules: { 'typescript/strict-boolean-expressions': 'off' } },
    ...oneWay,
    forbid('src/cost/**', [ALL_BUT_GRAPHQL]),
    forbid('src/*.ts', [folders(FOLDERS), PIPELINE]),
    forbid('src/browser/**', [folders(LAYERS.flat()), PIPELINE]),
  ],
})

function without(names: readonly string[], excluded: readonly string[]): string[] {
  return names.filter((name) => !excluded.includes(name))
}

/** What lies in these folders of src. Imports are relative, so a path names its folder. */
function folders(names: readonly string[]): Pattern {
  const regex = `^\\.{1,2}/(\\.\\./)*(${names.join('|')})/`
  return { regex, message: 'Imports go one way: see LAYERS in .oxlint.config.ts.' }
}

function forbid(files: string, patterns: Pattern[]): OxlintOverride {
  return { files: [files], rules: { 'no-restricted-imports': ['error', { patterns }] } }
}
