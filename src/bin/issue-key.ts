import { parseArgs } from 'node:util'
import { LEVELS } from '../auth/access.ts'
import { issueKey } from '../auth/issue-key.ts'
import { KEY_LIFETIME, KEY_NAME_LENGTH_MAX } from '../auth/key-input.ts'
import { parseDuration } from '../auth/parse-duration.ts'
import { systemClock } from '../clock.ts'
import { readConfig } from '../config.ts'
import type { Database } from '../database/connect.ts'
import { openDatabase } from '../database/open.ts'
import { ApiError, StartError } from '../errors.ts'
import { openVault, readKeyFile } from '../vault/key-file.ts'
import { normalizeLabel } from '../vault/vault.ts'
import { runCommand } from './run-command.ts'

/** What each flag accepts. All of them are needed. */
const FLAGS = {
  account: 'the username of an account',
  level: `a whole number from ${LEVELS[0]} to ${LEVELS.at(-1)}`,
  'expires-in': `a number followed by s, m, h or d, from ${KEY_LIFETIME.secondsMin}s to ${KEY_LIFETIME.secondsMax / 86_400}d`,
  name: `1 to ${KEY_NAME_LENGTH_MAX} characters`,
} as const

const USAGE =
  'npm run -s issue-key -- --account USERNAME --level N --expires-in <n>s|m|h|d --name TEXT [--json]'

await runCommand(async () => {
  const flags = readFlags()
  const config = readConfig()
  // First: what the file stops has then changed nothing.
  await readKeyFile(config.keys)
  const database = await openDatabase(config, { applicationName: 'maat-background' })
  try {
    const accountId = await findAccount(database, flags.username)
    const vault = await openVault(database, config.keys)
    const now = systemClock()
    const { publicId, secret } = await issueKey(
      { database, vault, clock: () => now },
      {
        accountId,
        level: flags.level,
        expiresAt: new Date(now.getTime() + flags.seconds * 1000),
        name: flags.name,
      },
    ).catch(inOneLine)
    console.log(flags.json ? JSON.stringify({ id: publicId, key: secret }) : secret)
  } finally {
    await database.close()
  }
}, USAGE)

function readFlags() {
  const { values } = parseFlags()
  return {
    username: readFlag('account', values.account, (text) => text),
    level: readFlag('level', values.level, readLevel),
    seconds: readFlag('expires-in', values['expires-in'], readLifetime),
    name: readFlag('name', values.name, (text) => text),
    json: values.json,
  }
}

function parseFlags() {
  const text = { type: 'string' } as const
  return parseArgs({
    options: {
      account: text,
      level: text,
      'expires-in': text,
      name: text,
      json: { type: 'boolean', default: false },
    },
  })
}

/** @throws {StartError} that names the flag, what was found and what is accepted */
function readFlag<Value>(
  name: keyof typeof FLAGS,
  text: string | undefined,
  read: (text: string) => Value | null,
): Value {
  const value = text === undefined ? null : read(text)
  if (value !== null) return value
  const found = text === undefined ? 'missing' : JSON.stringify(text)
  throw new StartError(`--${name} is ${found}; accepted: ${FLAGS[name]}.`)
}

function readLevel(text: string): number | null {
  return LEVELS.find((level) => String(level) === text) ?? null
}

function readLifetime(text: string): number | null {
  const seconds = parseDuration(text)
  if (seconds === null) return null
  return seconds >= KEY_LIFETIME.secondsMin && seconds <= KEY_LIFETIME.secondsMax ? seconds : null
}

async function findAccount({ kysely }: Database, username: string): Promise<string> {
  const account = await kysely
    .selectFrom('account')
    .select('id')
    .where('username_key', '=', normalizeLabel(username))
    .executeTakeFirst()
  if (account !== undefined) return account.id
  throw new StartError(
    `--account is ${JSON.stringify(username)}, and there is no such account; accepted: ${FLAGS.account}.`,
  )
}

/** A refusal of what was asked for is the operator's to correct, like a wrong flag. */
function inOneLine(error: unknown): never {
  if (error instanceof ApiError) throw new StartError(error.message, { cause: error })
  throw error
}
