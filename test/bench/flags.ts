import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { QUERY_NAMES, type QueryName, isQueryName } from './queries.ts'
import type { Sizes } from './rows.ts'
import { SERVER_NAMES, type ServerName, isServerName } from './servers.ts'

export interface Flags {
  readonly sizes: Sizes
  readonly rounds: number
  /** Of load for each query of each server in each round, and before it, not counted. */
  readonly seconds: number
  readonly warmup: number
  readonly connections: number
  readonly servers: readonly ServerName[]
  readonly queries: readonly QueryName[]
  /** The folder of the database; kept for the next run. */
  readonly folder: string
}

const USAGE = `npm run bench -- [--rounds 3] [--seconds 4] [--warmup 2] [--connections 32]
  [--only ${SERVER_NAMES.join(',')}] [--queries ${QUERY_NAMES.join(',')}]
  [--accounts 20000] [--sets 100000] [--patterns 100000] [--folder PATH]`

/** @throws {Error} for anything else than what its message says is accepted */
export function readFlags(args: readonly string[]): Flags {
  try {
    return parseFlags(args)
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`, {
      cause: error,
    })
  }
}

function parseFlags(args: readonly string[]): Flags {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '4' },
      warmup: { type: 'string', default: '2' },
      connections: { type: 'string', default: '32' },
      only: { type: 'string', default: SERVER_NAMES.join() },
      queries: { type: 'string', default: QUERY_NAMES.join() },
      accounts: { type: 'string', default: '20000' },
      sets: { type: 'string', default: '100000' },
      patterns: { type: 'string', default: '100000' },
      folder: { type: 'string', default: join(tmpdir(), 'maat-bench') },
    },
  })
  return {
    sizes: {
      accounts: positive('accounts', values.accounts),
      sets: positive('sets', values.sets),
      patterns: positive('patterns', values.patterns),
    },
    rounds: positive('rounds', values.rounds),
    seconds: positive('seconds', values.seconds),
    warmup: positive('warmup', values.warmup),
    connections: positive('connections', values.connections),
    servers: names('only', values.only, isServerName),
    queries: names('queries', values.queries, isQueryName),
    folder: values.folder,
  }
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new Error(`--${name} is ${text}; accepted: a number above 0`)
  return value
}

function names<T extends string>(
  flag: string,
  text: string,
  isName: (text: string) => text is T,
): readonly T[] {
  return text.split(',').map((name) => {
    if (!isName(name)) throw new Error(`--${flag} does not know ${name}`)
    return name
  })
}
