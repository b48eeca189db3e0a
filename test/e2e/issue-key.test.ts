import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { createAuthenticator } from '../../src/auth/authenticate.ts'
import { systemClock } from '../../src/clock.ts'
import { readConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/database/open.ts'
import { createKeyFile, openOrCreateVault, openVault } from '../../src/vault/key-file.ts'
import { insertAccount } from '../support/account.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { testDatabase } from '../support/test-database.ts'

const database = await testDatabase()
const folder = await temporaryFolder()
const environment = { DATABASE_URL: database.url, MAAT_KEYS: join(folder, 'keys.json') }
await createKeyFile(environment.MAAT_KEYS)
const vault = await openVault(database, environment.MAAT_KEYS)
await insertAccount(database, vault, { username: 'Demo' })

async function issueKey(args: readonly string[], env: Record<string, string> = environment) {
  const child = spawn(process.execPath, ['src/bin/issue-key.ts', ...args], { env })
  const [out, error, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { out, error, code }
}

const flags = (over: Readonly<Record<string, string>> = {}) =>
  Object.entries({
    account: 'demo',
    level: '1',
    'expires-in': '30d',
    name: 'laptop',
    ...over,
  }).map(([name, value]) => `--${name}=${value}`)

const countKeys = async () =>
  (await database.kysely.selectFrom('api_key').select('id').execute()).length

test('the last line of standard output is a key that works, at level 0 too', async () => {
  const { out, error, code } = await issueKey(flags({ level: '0' }))
  expect({ error, code }).toEqual({ error: '', code: 0 })
  const key = out.trimEnd().split('\n').at(-1)
  const { authenticate } = createAuthenticator({ database, vault, clock: systemClock })
  const principal = await authenticate({ authorization: `Bearer ${key}` })
  expect(principal.standing).toMatchObject({ kind: 'key', level: 0 })
})

test('with --json it prints one object, whose id and key are a pair for Basic', async () => {
  const { out } = await issueKey([...flags(), '--json'])
  const { id, key, ...rest } = JSON.parse(out)
  expect(rest).toEqual({})
  const { authenticate } = createAuthenticator({ database, vault, clock: systemClock })
  const pair = Buffer.from(`${id}:${key}`).toString('base64')
  const principal = await authenticate({ authorization: `Basic ${pair}` })
  expect(principal.standing.level).toBe(1)
})

test.each([
  ['an unknown account', flags({ account: 'nobody' }), '"nobody", and there is no such account'],
  ['a level that is none', flags({ level: '9' }), '--level is "9"; accepted: a whole number'],
  ['a negative level', flags({ level: '-1' }), '--level is "-1"; accepted: a whole number'],
  ['a level above the role', flags({ level: '5' }), 'the role user gives those up to 4, not 5'],
  ['more than 365 days', flags({ 'expires-in': '366d' }), '--expires-in is "366d"; accepted:'],
  ['less than a minute', flags({ 'expires-in': '59s' }), 'from 60s to 365d'],
  ['a negative duration', flags({ 'expires-in': '-5d' }), '--expires-in is "-5d"; accepted:'],
  ['an unknown unit', flags({ 'expires-in': '4w' }), 's, m, h or d'],
  ['a name of 201 characters', flags({ name: 'x'.repeat(201) }), '1 to 200 characters, not 201'],
  ['an empty name', flags({ name: '' }), '1 to 200 characters, not 0'],
  ['a missing flag', flags().slice(0, 3), '--name is missing; accepted: 1 to 200 characters'],
  ['an unknown flag', [...flags(), '--levle=1'], "'--levle'. Usage: npm run -s issue-key"],
  ['a value without a flag', [...flags(), 'demo'], "'demo'. Usage: npm run -s issue-key"],
])('%s is refused in one line, and nothing is stored', async (_, args, line) => {
  const before = await countKeys()
  const { out, error, code } = await issueKey(args)
  expect({ out, code }).toEqual({ out: '', code: 1 })
  expect(error).toMatch(/^maat: .+\n$/)
  expect(error).toContain(line)
  expect(await countKeys()).toBe(before)
})

test('a missing key file is named in one line', async () => {
  const MAAT_KEYS = join(folder, 'elsewhere.json')
  const { error, code } = await issueKey(flags(), { ...environment, MAAT_KEYS })
  expect(code).toBe(1)
  expect(error).toMatch(/^maat: .+elsewhere\.json.+\n$/)
})

test('it works beside another process on the same data folder', async () => {
  const data = await temporaryFolder()
  onTestFinished(() => rm(data, { recursive: true }))
  const config = readConfig({ MAAT_DATA: data })
  const embedded = await openDatabase(config, { applicationName: 'maat' })
  onTestFinished(embedded.close)
  const own = await openOrCreateVault(embedded, config.keys)
  const accountId = await insertAccount(embedded, own, { username: 'demo' })
  const { out } = await issueKey(flags(), { MAAT_DATA: data })
  const { authenticate } = createAuthenticator({
    database: embedded,
    vault: own,
    clock: systemClock,
  })
  expect(await authenticate({ authorization: `Bearer ${out.trim()}` })).toMatchObject({ accountId })
})
