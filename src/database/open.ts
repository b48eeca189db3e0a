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
  /** Lines for the operator: where files lie, what a newer release left. */
  readonly notices: readonly string[]
}

export type OpenOptions = Pick<ConnectOptions, 'applicationName' | 'max'>

/**
 * A database that answers and whose schema fits. The embedded one is started where it does not run, and migrated; it
 * stops when its last user closes it. One of DATABASE_URL is only looked at.
 * @throws {StartError} when it can not be reached, is too old, or its schema does not fit; says what to do
 */
export async function openDatabase(config: Config, options: OpenOptions): Promise<OpenDatabase> {
  const { databaseUrl, preparedStatements } = config
  if (databaseUrl === null) return openEmbedded(config.data, options)

  const database = connectDatabase({ ...options, url: databaseUrl, preparedStatements })
  try {
    await requireVersion(database)
    const { missing, unknown } = await schemaState(database.kysely)
    if (missing.length > 0) {
      throw new StartError(
        `The database lacks ${missing.length} of this release's migrations (${missing.join(', ')}). Run npm run migrate.`,
      )
    }
    return { ...database, embedded: false, notices: noticesOf(unknown) }
  } catch (error) {
    await database.close()
    throw error
  }
}

/**
 * The database answers and is recent enough.
 * @throws {StartError} otherwise; the address, which may hold a password, is never part of its text
 */
export async function requireVersion({ kysely }: Pick<Database, 'kysely'>): Promise<void> {
  const version = await versionOf(kysely).catch((error: unknown) => {
    throw new StartError(
      `The database of DATABASE_URL can not be reached: ${reasonOf(error)}. Start it, or correct the variable.`,
      { cause: error },
    )
  })
  if (version >= OLDEST) return
  throw new StartError(
    `The database of DATABASE_URL is PostgreSQL ${Math.floor(version / 10_000)}; Maat needs PostgreSQL 15 or later.`,
  )
}

async function openEmbedded(data: string, options: OpenOptions): Promise<OpenDatabase> {
  const server = await launchPostgres({ data })
  const database = connectDatabase({ ...options, url: server.url })
  const close = async (): Promise<void> => {
    await database.close()
    await server.close()
  }
  try {
    const { missing, unknown } = await schemaState(database.kysely)
    const notices = noticesOf(unknown)
    if (missing.length > 0) await migrateToLatest(database.kysely)
    if (server.notice !== null) notices.unshift(server.notice)
    return { ...database, close, embedded: true, notices }
  } catch (error) {
    await close()
    throw error
  }
}

/** A newer release may run beside this one while gateways are replaced one by one, unless it says otherwise. */
function noticesOf(unknown: readonly string[]): string[] {
  if (unknown.some((name) => name.includes('.breaking')))
    throw new StartError(unknownMigrations(unknown))
  return unknown.length === 0 ? [] : [unknownMigrations(unknown)]
}

async function versionOf(kysely: Kysely<DB>): Promise<number> {
  const setting = sql<{
    version: number
  }>`select current_setting('server_version_num')::int as version`
  const { rows } = await setting.execute(kysely)
  return rows[0]?.version ?? 0
}

function reasonOf(error: unknown): string {
  // A host with several addresses fails with one error for each.
  const first = error instanceof AggregateError ? error.errors[0] : error
  return first instanceof Error ? first.message : String(first)
}
