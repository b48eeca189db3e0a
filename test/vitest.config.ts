import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

import { defineConfig } from 'vitest/config'

const report = process.env['MAAT_TEST_REPORT']

/** One kind of test: a folder under test/ and what it needs. */
function kind(name: string, needs: object = {}) {
  return {
    extends: true as const,
    test: { name, include: [`test/${name}/**/*.test.ts`], ...needs },
  }
}

/** One file after the other, once all others are through: processes of their own, and their time. */
const alone = { fileParallelism: false, sequence: { groupOrder: 1 } }
const database = { globalSetup: ['test/support/global-setup.ts'], hookTimeout: 30_000 }

/**
 * What depends on the release of PostgreSQL: every field and mutation as the access matrix has them answered, migrations and
 * catalogue, what plans and pages make the server do, the functions of the quota, and the work of the background.
 */
const OF_THE_SERVER = [
  'test/matrix/matrix.test.ts',
  'test/integration/{account,bulk-export,database,designs,jobs,quota}/**/*.test.ts',
  'test/integration/{page-orders,pages,planned-answers,seed,soundness,visibility}.test.ts',
]

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  resolve: {
    // Vite would load the ESM build beside the CommonJS build that Node gives to dependencies: two realms.
    alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }],
  },
  test: {
    maxWorkers: '100%',
    // A worker reads our modules once, not once for each file: half of the time of small tests.
    isolate: false,
    // What comes by itself is waited for, on a machine that has much to do.
    expect: { poll: { timeout: 20_000 } },
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    projects: [
      kind('unit'),
      kind('property', { testTimeout: 60_000 }),
      kind('integration', { ...database, testTimeout: 30_000 }),
      kind('matrix', { ...database, testTimeout: 120_000 }),
      kind('oldest', { ...database, include: OF_THE_SERVER, testTimeout: 120_000 }),
      kind('mutants', {
        ...database,
        include: ['test/matrix/**/*.mutants.ts'],
        testTimeout: 1_800_000,
      }),
      kind('e2e', { ...database, testTimeout: 60_000, ...alone }),
      kind('faults', { ...database, testTimeout: 1_800_000, ...alone }),
      kind('redis', { testTimeout: 30_000 }),
      kind('soundness', { ...database, testTimeout: 1_800_000 }),
      kind('browser', { ...database, testTimeout: 60_000, ...alone }),
    ],
  },
})
