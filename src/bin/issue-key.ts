import { parseArgs } from 'node:util'
import { LEVELS } from '../auth/access.ts'
import { issueKey } from '../auth/issue-key.ts'
import { KEY_NAME_LENGTH_MAX, type KeyLifetime } from '../auth/key-input.ts'
import { parseDuration } from '../parse-duration.ts'
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
  'expires-in': 'a number followed by s, m, h or d',
  name: `1 to ${KEY_NAME_LENGTH_MAX} characters`,
} as const

const USAGE =
  'npm run -s issue-key -- --account USERNAME --level N --expires-in <n>s|m|h|d --name TEXT [--json]'

await runCommand(async () => {
  const config = readConfig()
  const lifetime = config.keyLifetime
  const flags = readFlags(lifetime)
  // First: what the file stops has then changed nothing.
  await readKeyFile(config.keys)
  const database = await openDatabase(config, { applicationName: 'maat-background' })
  try {
    const accountId = await findAccount(database, flags.username)
    const vault = await openVault(database, config.keys)
    const now = systemClock()
    const { publicId, secret } = await issueKey(
      { database, vault, clock: () => now, lifetime },
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

function readFlags(lifetime: KeyLifetime) {
  const { secondsMin, secondsMax } = lifetime
  const lives = `${FLAGS['expires-in']}, from ${duration(secondsMin)} to ${duration(secondsMax)}`
  const { values } = parseFlags()
  return {
    username: readFlag(['account', FLAGS.account], values.account, (text) => text),
    level: readFlag(['level', FLAGS.level], values.level, readLevel),
    seconds: readFlag(['expires-in', lives], values['expires-in'], (text) =>
      readLifetime(text, lifetime),
    ),
    name: readFlag(['name', FLAGS.name], values.name, (text) => text),
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
  [name, accepted]: readonly [name: string, accepted: string],
  text: string | undefined,
  read: (text: string) => Value | null,
): Value {
  const value = text === undefined ? null : read(text)
  if (value !== null) return value
  const found = text === undefined ? 'missing' : JSON.stringify(text)
  throw new StartError(`--${name} is ${found}; accepted: ${accepted}.`)
}

function readLevel(text: string): number | null {
  return LEVELS.find((level) => String(level) === text) ?? null
}

/** In the largest unit that divides it. */
function duration(seconds: number): string {
  return seconds % 86_400 === 0 ? `${seconds / 86_400}d` : `${seconds}s`
}

function readLifetime(text: string, { secondsMin, secondsMax }: KeyLifetime): number | null {
  const seconds = parseDuration(text)
  if (seconds === null) return null
  return seconds >= secondsMin && seconds <= secondsMax ? seconds : null
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
