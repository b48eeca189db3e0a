import { chmod, readFile, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { seed } from '../../src/seed/seed.ts'
import { createKeyFile, openVault, readKeyFile } from '../../src/vault/key-file.ts'
import { place } from '../../src/vault/sealed-rows.ts'
import { query } from '../support/postgres.ts'
import { runCommand, startCommand } from '../support/run-command.ts'
import { insertAccount } from '../support/account.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { testDatabase } from '../support/test-database.ts'

async function installation() {
  const folder = await temporaryFolder()
  const database = await testDatabase()
  const keyFile = join(folder, 'keys.json')
  return { database, keyFile, env: { DATABASE_URL: database.url, MAAT_DATA: folder } }
}

test('keys:init writes the key file once; a second run keeps it and ends with 1', async () => {
  const { keyFile, env } = await installation()
  expect((await runCommand('keys-init', [], env)).code).toBe(0)
  expect((await stat(keyFile)).mode & 0o777).toBe(0o600)
  const before = await readFile(keyFile, 'utf8')
  const second = await runCommand('keys-init', [], env)
  expect(second.code).toBe(1)
  expect(second.stderr).toMatch(/^maat: There is a key file already.*\n$/)
  expect(await readFile(keyFile, 'utf8')).toBe(before)
})

test('without a key file nothing is seeded, and the message names the command', async () => {
  const { database, env } = await installation()
  const { code, stderr } = await runCommand('seed', [], env)
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/^maat: There is no key file at .*npm run keys:init.*\n$/),
  })
  expect(await database.kysely.selectFrom('account').select('id').execute()).toEqual([])
})

test('a truncated key file and one that is open to others end a command with one line', async () => {
  const { keyFile, env } = await installation()
  await createKeyFile(keyFile)
  await chmod(keyFile, 0o644)
  expect((await runCommand('seed', [], env)).stderr).toMatch(/^maat: .*chmod 600.*\n$/)
  await chmod(keyFile, 0o600)
  await truncate(keyFile, 100)
  expect((await runCommand('seed', [], env)).stderr).toMatch(/^maat: .*truncated or damaged.*\n$/)
})

test('seed fills an empty database, says when it did so before, and refuses a foreign one', async () => {
  const { database, keyFile, env } = await installation()
  await createKeyFile(keyFile)
  const first = await runCommand(
    'seed',
    ['--accounts', '3', '--sets', '10', '--patterns', '5'],
    env,
  )
  expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining('holds 7 accounts') })
  const again = await runCommand('seed', [], env)
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing was changed') })
  await insertAccount(database, await openVault(database, keyFile))
  expect(await runCommand('seed', [], env)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^maat: .* holds an account that the seed did not make.*\n$/),
  })
})

test.each([
  ['keys-init', 'npm run keys:init'],
  ['migrate', 'npm run migrate'],
  ['seed', 'npm run seed [-- --accounts N --sets N --patterns N --random-seed N]'],
  ['vault-rotate', 'npm run vault:rotate'],
  ['print-schema', 'npm run print-schema [-- --check | --release | --prices]'],
  ['db-types', 'npm run db:types [-- --check]'],
])('%s answers a flag that it does not know with its usage', async (name, usage) => {
  expect(await runCommand(name, ['--bogus'], {})).toEqual({
    code: 1,
    stdout: '',
    stderr: `maat: Unknown option '--bogus'. Usage: ${usage}\n`,
  })
})

test('a number that is none is refused by the name of its flag', async () => {
  const { env } = await installation()
  expect(await runCommand('seed', ['--sets', '1e3'], env)).toMatchObject({
    code: 1,
    stderr: 'maat: --sets is "1e3"; accepted: a whole number from 0 to 999999999.\n',
  })
})

test.each([
  ['seed', ['--accounts', '10', '--sets', '20000']],
  ['vault-rotate', []],
])('while %s works, its sessions say that they are background work', async (name, args) => {
  const { database, keyFile, env } = await installation()
  await createKeyFile(keyFile)
  if (name === 'vault-rotate') {
    const vault = await openVault(database, keyFile)
    await seed({ database, vault, scale: { accounts: 10, sets: 4000, patterns: 0, randomSeed: 1 } })
  }
  const { child, firstLine, done } = startCommand(name, args, env)
  await firstLine
  const names = await query(
    database.url,
    `select distinct application_name as name from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and application_name <> 'maat'`,
  )
  child.kill('SIGKILL')
  await done
  expect(names).toEqual([{ name: 'maat-background' }])
})

test('a rotation that is killed again and again loses no row, and the last one completes it', async () => {
  const { database, keyFile, env } = await installation()
  await createKeyFile(keyFile)
  const vault = await openVault(database, keyFile)
  await seed({ database, vault, scale: { accounts: 50, sets: 4000, patterns: 0, randomSeed: 1 } })
  const names = await readNames()

  for (let kills = 0; kills < 3; kills += 1) {
    const { child, firstLine, done } = startCommand('vault-rotate', [], env)
    // A tenth of what is left is done now.
    await firstLine
    child.kill('SIGKILL')
    expect((await done).code).toBeNull()
    expect(await readNames()).toEqual(names)
  }
  const last = await runCommand('vault-rotate', [], env)
  expect(last).toMatchObject({ code: 0, stdout: expect.stringMatching(/Completed the rotation/) })
  const { current } = (await readKeyFile(keyFile)).fields
  const rows = await database.kysely.selectFrom('measurement_set').select('label').execute()
  expect(rows.filter(({ label }) => !label.startsWith(`${current}.`))).toEqual([])
  expect(await readNames()).toEqual(names)

  async function readNames(): Promise<readonly string[]> {
    const sets = await database.kysely
      .selectFrom('measurement_set')
      .select(['id', 'account_id', 'label'])
      .orderBy('id')
      .execute()
    return sets.map(({ id, account_id: owner, label }) =>
      vault.open(label, place('measurement_set', 'label', { row: id, owner })),
    )
  }
})
