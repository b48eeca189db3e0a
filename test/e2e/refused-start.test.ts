import { chmod, mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { createKeyFile } from '../../src/vault/key-file.ts'
import { query } from '../support/postgres.ts'
import { runCommand } from '../support/run-command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { emptyDatabase, testDatabase } from '../support/test-database.ts'

const COMMANDS = {
  serve: [],
  seed: [],
  'vault-rotate': [],
  'issue-key': ['--account=demo', '--level=1', '--expires-in=1d', '--name=laptop'],
} as const

type Command = keyof typeof COMMANDS

/** What is wrong with a key file -> how it comes about. */
const DAMAGES = {
  truncated: async (path: string) => writeFile(path, (await readFile(path, 'utf8')).slice(0, 100)),
  'not a key file': (path: string) => writeFile(path, '{"name":"something else"}'),
  newer: async (path: string) =>
    writeFile(path, (await readFile(path, 'utf8')).replace('"version": 1', '"version": 2')),
  'open to others': (path: string) => chmod(path, 0o644),
} as const

describe('a command that its key file stops says so in one line, and changes nothing on disk', () => {
  const cases: readonly (readonly [Command, keyof typeof DAMAGES, RegExp])[] = [
    ['serve', 'truncated', /is truncated or damaged/],
    ['serve', 'not a key file', /is not a key file of Maat/],
    ['serve', 'newer', /was written by a newer version/],
    ['serve', 'open to others', /chmod 600/],
    ['seed', 'truncated', /is truncated or damaged/],
    ['vault-rotate', 'truncated', /is truncated or damaged/],
    ['issue-key', 'truncated', /is truncated or damaged/],
  ]
  test.each(cases)('%s, where the file is %s', async (command, damage, cause) => {
    const data = await dataFolder()
    const keys = join(data, 'keys.json')
    await createKeyFile(keys)
    await DAMAGES[damage](keys)
    const before = await contentOf(data)
    expect(await run(command, { MAAT_DATA: data })).toMatch(cause)
    expect(await contentOf(data)).toEqual(before)
  })

  test.each(['vault-rotate', 'issue-key'] as const)('%s, where there is none', async (command) => {
    const data = await dataFolder()
    expect(await run(command, { MAAT_DATA: data })).toMatch(/There is no key file at .*keys:init/)
    expect(await contentOf(data)).toEqual({})
  })

  test('serve, where there is none and the database knows its keys', async () => {
    const { url, kysely } = await testDatabase()
    const data = await dataFolder()
    const print = { purpose: 'fields', key_id: 'k1', fingerprint: Buffer.alloc(32) } as const
    await kysely.insertInto('vault_key').values(print).execute()
    const line = await run('serve', { DATABASE_URL: url, MAAT_DATA: data })
    expect(line).toMatch(/Restore it from its backup/)
    expect(line).not.toContain('keys:init')
    expect(await contentOf(data)).toEqual({})
  })

  test('serve, where the file is that of another database', async () => {
    const { url, kysely } = await testDatabase()
    const data = await dataFolder()
    await createKeyFile(join(data, 'keys.json'))
    const print = { purpose: 'fields', key_id: 'k1', fingerprint: Buffer.alloc(32) } as const
    await kysely.insertInto('vault_key').values(print).execute()
    const before = await contentOf(data)
    expect(await run('serve', { DATABASE_URL: url, MAAT_DATA: data })).toMatch(/MAAT_KEYS/)
    expect(await contentOf(data)).toEqual(before)
    const kept = await kysely.selectFrom('vault_key').select('key_id').execute()
    expect(kept).toEqual([{ key_id: 'k1' }])
  })
})

describe('a start that its database stops says so in one line, and changes nothing on disk', () => {
  test.each([
    ['that is not there', unreachable, /can not be reached/],
    ['that is too old', tooOld, /is PostgreSQL 14; Maat needs PostgreSQL 15/],
    ['that lacks migrations', () => emptyDatabase(), /Run npm run migrate/],
    ['of a newer release', ofNewerRelease, /Start a newer release/],
  ] as const)('a database %s', async (_, urlOfIt, cause) => {
    const data = await dataFolder()
    await createKeyFile(join(data, 'keys.json'))
    const before = await contentOf(data)
    const line = await run('serve', {
      DATABASE_URL: await urlOfIt(),
      MAAT_DATA: data,
      MAAT_DEMO: '1',
    })
    expect(line).toMatch(cause)
    expect(await contentOf(data)).toEqual(before)
  })
})

test('a start that its policies stop names both numbers, and changes nothing on disk', async () => {
  const data = await dataFolder()
  const policies = join(data, 'policies.json')
  await writeFile(policies, '{"burst":{"capacity":500,"restorePerSecond":100}}')
  const before = await contentOf(data)
  const line = await run('serve', { MAAT_DATA: data, MAAT_POLICIES: policies })
  expect(line).toContain(
    `${policies}: burst.capacity is 500; accepted: at least 1000, the ceiling of one operation at ceiling.`,
  )
  expect(await contentOf(data)).toEqual(before)
})

/** The one line with which the command ends. */
async function run(command: Command, env: Readonly<Record<string, string>>): Promise<string> {
  const { code, stdout, stderr } = await runCommand(command, COMMANDS[command], {
    PORT: '0',
    DATABASE_URL: '',
    ...env,
  })
  expect({ code, stdout, stderr }).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^maat: [^\n]+\n$/),
  })
  return stderr
}

async function dataFolder(): Promise<string> {
  const folder = await temporaryFolder()
  const data = join(folder, 'data')
  await mkdir(data, { mode: 0o711 })
  return data
}

/** Path -> what is there and since when, of everything in the folder. */
async function contentOf(folder: string): Promise<Readonly<Record<string, unknown>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const found = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name)
    const { mode, mtimeMs } = await stat(path)
    return [path, { mode, mtimeMs, text: entry.isFile() ? await readFile(path, 'utf8') : null }]
  })
  return Object.fromEntries(await Promise.all(found))
}

async function unreachable(): Promise<string> {
  return 'postgres://app:secret@127.0.0.1:1/maat'
}

/** It says that it is PostgreSQL 14. */
async function tooOld(): Promise<string> {
  const { url } = await testDatabase()
  await query(
    url,
    `create schema older; create function older.current_setting(text) returns text
     language sql as $$ select '140012' $$`,
  )
  const old = new URL(url)
  old.searchParams.set('options', '-c search_path=older,pg_catalog,public')
  return old.href
}

async function ofNewerRelease(): Promise<string> {
  const { url } = await testDatabase()
  await query(url, `insert into kysely_migration values ('9999_less.breaking', '2030')`)
  return url
}
