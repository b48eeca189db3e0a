import { type Kysely, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import pg from 'pg'

import { StartError } from '../errors.ts'
import { DESIGNS } from './designs.ts'
import { sqlFiles } from './migrations.ts'
import { storeDesigns } from './store-designs.ts'
import type { DB } from './tables.generated.ts'

export interface SchemaState {
  /** Migrations of this release that the database lacks, in order. */
  readonly missing: readonly string[]
  /** Migrations that the database holds and this release does not know: a newer release ran. */
  readonly unknown: readonly string[]
}

/**
 * The database holds every migration of this release, and its designs; answers the names of the migrations that ran now. All
 * of them run in one transaction, or none. Of two migrators at once one runs and the other waits.
 * @throws {StartError} when one fails, or when the database holds migrations that this release does not know
 */
export async function migrateToLatest(db: Kysely<DB>): Promise<readonly string[]> {
  const { unknown } = await schemaState(db)
  if (unknown.length > 0)
    throw new StartError(`${unknownMigrations(unknown)} Start a newer release.`)

  return db.connection().execute(async (connection) => {
    // Waiting for the other migrator, or building an index, takes as long as it takes.
    await sql`set statement_timeout = 0`.execute(connection)
    await sql`set idle_in_transaction_session_timeout = 0`.execute(connection)
    try {
      const ran = await runMigrations(connection)
      await storeDesigns(connection, DESIGNS)
      return ran
    } finally {
      // A connection that was lost on the way takes its settings along.
      await sql`reset all`.execute(connection).catch(() => {})
    }
  })
}

async function runMigrations(db: Kysely<DB>): Promise<readonly string[]> {
  const { error, results = [] } = await new Migrator({ db, provider: sqlFiles }).migrateToLatest()
  if (error === undefined) return results.map(({ migrationName }) => migrationName)
  const failed = results.find(({ status }) => status === 'Error')
  throw new StartError(
    `Migration ${failed?.migrationName ?? 'of the database'} failed and nothing was changed: ${messageOf(error)}`,
    { cause: error },
  )
}

/**
 * How the database differs from what this release needs.
 * @throws {StartError} when its role may not read that
 */
export async function schemaState(db: Kysely<DB>): Promise<SchemaState> {
  const known = Object.keys(await sqlFiles.getMigrations()).toSorted()
  const held = await migrationsOf(db)
  return {
    missing: known.filter((name) => !held.includes(name)),
    unknown: held.filter((name) => !known.includes(name)),
  }
}

/** What an operator reads about migrations of a newer release. */
export function unknownMigrations(names: readonly string[]): string {
  return `The database holds migrations that this release does not know (${names.join(', ')}).`
}

async function migrationsOf(db: Kysely<DB>): Promise<readonly string[]> {
  try {
    const held = sql<{ name: string }>`select name from kysely_migration order by name`
    const { rows } = await held.execute(db)
    return rows.map(({ name }) => name)
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error
    if (error.code === UNDEFINED_TABLE) return []
    throw new StartError(`The database does not tell its schema: ${error.message}.`, {
      cause: error,
    })
  }
}

const UNDEFINED_TABLE = '42P01'

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
