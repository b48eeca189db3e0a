import { mkdtemp, readdir } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { query } from '../support/postgres.ts'
import { runCommand, startCommand } from '../support/run-command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { testDatabase } from '../support/test-database.ts'

/** A thousand operations and more, in a gateway that has to start first, on a machine that may be busy. */
const MEASURING = { timeout: 180_000 }

async function deployment() {
  const folder = await temporaryFolder()
  const database = await testDatabase()
  const temporary = await mkdtemp(join(folder, 'tmp-'))
  return {
    database,
    temporary,
    env: { DATABASE_URL: database.url, MAAT_DATA: folder, TMPDIR: temporary },
    stored: () =>
      database.kysely.selectFrom('point_cost').selectAll().orderBy('resource').execute(),
    left: async () => [
      ...(await query(
        database.url,
        `select datname from pg_database where starts_with(datname, 'maat_calibration_')`,
      )),
      ...(await readdir(temporary)),
    ],
  }
}

test(
  'calibrate stores what each resource takes, and leaves no database and no folder',
  MEASURING,
  async () => {
    const { env, stored, left } = await deployment()
    const prices = { MAAT_PRICE_CPU_SECOND: '0.00002', MAAT_CURRENCY: 'CHF' }
    const { code, stdout, stderr } = await runCommand('calibrate', ['--rounds', '1'], {
      ...env,
      ...prices,
    })
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/batches\n$/) })
    expect(stdout).toMatch(/^1 000 000 points cost -?[\d.]+ CHF: /m)
    expect(stdout).toMatch(/^connection +5 /m)
    expect(await left()).toEqual([])
    const rows = await stored()
    expect(rows.map(({ resource }) => resource)).toEqual(['bytes', 'cpu_us', 'database_us'])
    for (const row of rows) {
      expect(row.operations).toBeGreaterThanOrEqual(20 * 50)
      expect(row.error).toBeGreaterThan(0)
      expect(row.explained).toBeLessThanOrEqual(1)
    }
  },
)

test('a dry run prints what it found as JSON, and stores nothing', MEASURING, async () => {
  const { env, stored, left } = await deployment()
  const { code, stdout } = await runCommand(
    'calibrate',
    ['--rounds', '1', '--dry-run', '--json'],
    env,
  )
  expect(code).toBe(0)
  const found = JSON.parse(stdout)
  expect(found).toMatchObject({ isStored: false, currency: 'EUR', money: null })
  expect(found.documents.length).toBeGreaterThanOrEqual(20)
  for (const { taken } of found.documents) {
    expect(taken.cpu_us).toBeGreaterThan(0)
    expect(taken.bytes).toBeGreaterThan(0)
  }
  // Every kind that reading pays is told apart, by documents enough.
  const untold = found.weights.filter(({ verdict }: { verdict: string }) => verdict !== 'told')
  expect(untold.map(({ kind }: { kind: string }) => kind)).toEqual(['sum', 'mutation', 'import'])
  expect([await stored(), await left()]).toEqual([[], []])
})

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s while it measures leaves nothing',
  MEASURING,
  async (signal) => {
    const { env, stored, left } = await deployment()
    const { child, firstLine, done } = startCommand('calibrate', ['--rounds', '2'], env)
    await firstLine
    child.kill(signal)
    expect(await done).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`maat: Stopped by ${signal}.`),
    })
    expect([await stored(), await left()]).toEqual([[], []])
  },
)

test.each([
  [['--rounds', '0'], 'maat: --rounds is "0"; accepted: a whole number from 1 to 1000.\n'],
  [['--rounds', 'x'], 'maat: --rounds is "x"; accepted: a whole number from 1 to 1000.\n'],
  [
    ['--bogus'],
    "maat: Unknown option '--bogus'. Usage: npm run -s calibrate -- [--rounds N] [--dry-run] [--json]\n",
  ],
])('%j is refused in one line', async (flags, line) => {
  expect(await runCommand('calibrate', flags, {})).toEqual({ code: 1, stdout: '', stderr: line })
})
