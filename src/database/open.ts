import { type Kysely, sql } from 'kysely'

import type { Config } from '../config.ts'
import { StartError } from '../errors.ts'
import { type ConnectOptions, type Database, connectDatabase } from './connect.ts'
import { launchPostgres } from './embedded/launch.ts'
import { migrateToLatest, schemaState, unknownMigrations } from './migrate.ts'
import type { DB } from './tables.generated.ts'

/** The oldest PostgreSQL whose features the migrations and statements use, as server_version_num. */
const OLDEST = 150_000

export interface OpenDatabase extends Database {
  /** Whether it is the embedded one, of the data folder. */
  readonly embedded: boolean
  /** Where it is, a password included. */
  readonly url: string
  /** Lines for the operator: where files lie, what a newer release left. */
  readonly notices: readonly string[]
}

export type OpenOptions = Pick<ConnectOptions, 'applicationName' | 'max'>

/**
 * A database that answers and whose schema fits. The embedded one is started where it does not run, and migrated; it
 * stops when its last user closes it. That of DATABASE_URL is only looked at.
 * @throws {StartError} when it can not be reached, is too old, or its schema does not fit; says what to do
 */
export async function openDatabase(config: Config, options: OpenOptions): Promise<OpenDatabase> {
  const database = await reachDatabase(config, options)
  return orClose(database, async () => {
    const { missing, unknown } = await schemaState(database.kysely)
    if (unknown.some((name) => name.includes('.breaking'))) {
      throw new StartError(`${unknownMigrations(unknown)} Start a newer release.`)
    }
    if (missing.length > 0 && !database.embedded) throw new StartError(missingMigrations(missing))
    // A release may bring other designs without a migration; beside a newer one they stay as that has them.
    if (database.embedded && (missing.length > 0 || unknown.length === 0)) {
      await migrateToLatest(database.kysely)
    }
    // Otherwise a newer release may run beside this one, while gateways are replaced one by one.
    const newer =
      unknown.length === 0 ? [] : [`${unknownMigrations(unknown)} They do not hinder it.`]
    return { ...database, notices: [...database.notices, ...newer] }
  })
}

/**
 * The database holds every migration of this release; answers the names of those that ran now.
 * @throws {StartError} as openDatabase and migrateToLatest do
 */
export async function migrateDatabase(config: Config): Promise<readonly string[]> {
  const database = await reachDatabase(config, { applicationName: 'maat-background', max: 2 })
  try {
    return await migrateToLatest(database.kysely)
  } finally {
    await database.close()
  }
}

async function reachDatabase(config: Config, options: OpenOptions): Promise<OpenDatabase> {
  const { databaseUrl, preparedStatements } = config
  if (databaseUrl === null) return reachEmbedded(config.data, options)
  const database = connectDatabase({ ...options, url: databaseUrl, preparedStatements })
  return orClose(database, async () => {
    await requireVersion(database.kysely)
    return { ...database, embedded: false, url: databaseUrl, notices: [] }
  })
}

async function reachEmbedded(data: string, options: OpenOptions): Promise<OpenDatabase> {
  const server = await launchPostgres({ data })
  const database = connectDatabase({ ...options, url: server.url })
  return {
    ...database,
    async close() {
      await database.close()
      await server.close()
    },
    embedded: true,
    url: server.url,
    notices: server.notice === null ? [] : [server.notice],
  }
}

/** The address is never part of the message: it may hold a password. */
async function requireVersion(kysely: Kysely<DB>): Promise<void> {
  const version = await versionOf(kysely).catch((error: unknown) => {
    throw new StartError(
      `The database of DATABASE_URL can not be reached: ${reasonOf(error)}. Start it, or correct the variable.`,
      { cause: error },
    )
  })
  if (version >= OLDEST) return
  const major = Math.floor(version / 10_000)
  throw new StartError(
    `The database of DATABASE_URL is PostgreSQL ${major}; Maat needs PostgreSQL 15 or later.`,
  )
}

async function versionOf(kysely: Kysely<DB>): Promise<number> {
  const setting = sql<{ version: number }>`
    select current_setting('server_version_num')::int as version`
  const { rows } = await setting.execute(kysely)
  return rows[0]?.version ?? 0
}

function missingMigrations(names: readonly string[]): string {
  return `The database lacks migrations of this release (${names.join(', ')}). Run npm run migrate.`
}

function reasonOf(error: unknown): string {
  // A host with several addresses fails with one error for each.
  const first = error instanceof AggregateError ? error.errors[0] : error
  return first instanceof Error ? first.message : String(first)
}

async function orClose<T>(database: Database, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    await database.close()
    throw error
  }
}
