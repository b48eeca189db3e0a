import { type Kysely, sql } from 'kysely'

import type { Database } from '../database/connect.ts'
import type { DB } from '../database/tables.generated.ts'
import { StartError } from '../errors.ts'
import type { Vault } from '../vault/vault.ts'
import { DEMO_ACCOUNTS } from './demo-people.ts'
import { seedEmail } from './rows.ts'
import { insertDemo } from './seed-demo.ts'
import { type Scale, type ScaleProgress, insertScale } from './seed-scale.ts'

export interface SeedOptions {
  readonly database: Pick<Database, 'kysely'>
  readonly vault: Vault
  /** How much generated data to add to the demo data; none when absent. */
  readonly scale?: Scale | undefined
  readonly onProgress?: ScaleProgress
}

export interface SeedOutcome {
  /** seeded: what was asked for is there now; kept: it, or generated data, was there before, and nothing was changed. */
  readonly kind: 'seeded' | 'kept'
  /** How many accounts the database holds, all of them the seed's. */
  readonly accounts: number
}

/**
 * The database holds the demo data and what was asked for beside it: all of it, or, after a failure, none. Generated data is
 * added once. Of two that seed at once one waits and finds the work done.
 * @throws {StartError} when the database holds an account that the seed did not make
 */
export async function seed(options: SeedOptions): Promise<SeedOutcome> {
  const { database, vault, scale, onProgress } = options
  return database.kysely.transaction().execute(async (transaction) => {
    await liftLimits(transaction)
    await sql`lock table account in share row exclusive mode`.execute(transaction)
    const held = await countSeedAccounts(transaction, vault)
    if (held > DEMO_ACCOUNTS.length || (held > 0 && scale === undefined)) {
      return { kind: 'kept', accounts: held }
    }
    if (held === 0) await insertDemo(transaction, vault)
    if (scale !== undefined) await insertScale(transaction, vault, { scale, onProgress })
    return { kind: 'seeded', accounts: DEMO_ACCOUNTS.length + (scale?.accounts ?? 0) }
  })
}

/** Filling a database takes as long as it takes; the limits of requests do not hold for it. */
async function liftLimits(transaction: Kysely<DB>): Promise<void> {
  for (const limit of [
    'statement_timeout',
    'lock_timeout',
    'idle_in_transaction_session_timeout',
  ]) {
    await sql`select set_config(${limit}, '0', true)`.execute(transaction)
  }
}

/**
 * How many accounts there are, all of them the seed's own: each has the address that the seed gave it.
 * @throws {StartError} for any other
 */
async function countSeedAccounts(db: Kysely<DB>, vault: Vault): Promise<number> {
  const accounts = await db.selectFrom('account').select(['username', 'label_index']).execute()
  const foreign = accounts.filter(
    ({ username, label_index: index }) => !vault.labelIndex(seedEmail(username)).equals(index),
  )
  if (foreign.length === 0) return accounts.length
  const others = foreign.length === 1 ? 'an account' : `${foreign.length} accounts`
  throw new StartError(
    `The database holds ${others} that the seed did not make. Seed an empty database: set DATABASE_URL or MAAT_DATA to one.`,
  )
}
