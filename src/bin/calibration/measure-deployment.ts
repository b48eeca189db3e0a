import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { sql } from 'kysely'

import { issueKey } from '../../auth/issue-key.ts'
import { systemClock } from '../../clock.ts'
import { connectDatabase, type Database } from '../../database/connect.ts'
import { migrateToLatest } from '../../database/migrate.ts'
import type { OpenDatabase } from '../../database/open.ts'
import { createTemporaryDatabase } from '../../database/temporary-database.ts'
import type { MeasuredDocument } from '../../oversight/calibration/calibration.ts'
import { seed } from '../../seed/seed.ts'
import { openOrCreateVault } from '../../vault/key-file.ts'
import { type CalibrationGateway, type GatewayPlace, startGateway } from './gateway.ts'
import { startProgress } from '../progress.ts'
import { readMeasured } from './read-measured.ts'
import { type Asked, type Ran, type Rounds, runDocuments } from './run-documents.ts'

/** Enough that a page has its full size; the same for everybody, so that deployments can be compared. */
const SCALE = { accounts: 100, sets: 4000, patterns: 4000, randomSeed: 1 }

export interface Measuring {
  /** Whether the gateway that is measured prepares statements by name. */
  readonly preparedStatements: boolean
  readonly rounds: number
  /** Once it is aborted, measuring ends with its reason. */
  readonly signal: AbortSignal
}

/**
 * What operations take of a gateway like those of this deployment, on the same database server: it has a database and a folder
 * of its own, which are gone afterwards, however that ends.
 */
export async function measureDeployment(
  database: OpenDatabase,
  { preparedStatements, rounds, signal }: Measuring,
): Promise<readonly MeasuredDocument[]> {
  const folder = await mkdtemp(join(tmpdir(), 'maat-calibration-'))
  try {
    const own = await createTemporaryDatabase(database, 'calibration')
    try {
      const place = { databaseUrl: own.url, folder, preparedStatements }
      return await measureIn(place, { rounds, signal })
    } catch (error) {
      // Ctrl-C ends the gateway, too, and what then fails is no news.
      signal.throwIfAborted()
      throw error
    } finally {
      await own.drop()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measureIn(
  place: GatewayPlace,
  { rounds, signal }: Pick<Measuring, 'rounds' | 'signal'>,
): Promise<readonly MeasuredDocument[]> {
  const { databaseUrl: url, preparedStatements, folder } = place
  const options = { applicationName: 'maat-background', max: 2, preparedStatements } as const
  const database = connectDatabase({ ...options, url })
  const progress = await startProgress('batches')
  try {
    const key = await fill(database, folder, signal)
    const gateway = await startGateway(place)
    const ran = await runWith(gateway, { key, rounds, signal, onProgress: progress.show })
    return await readMeasured(database.kysely, ran)
  } finally {
    progress.end()
    await database.close()
  }
}

/** Asks the gateway every document, and ends it, so that the ledger has everything. */
async function runWith(
  { origin, stop }: CalibrationGateway,
  { key, signal, ...rounds }: Pick<Asked, 'key' | 'signal'> & Rounds,
): Promise<readonly Ran[]> {
  try {
    return await runDocuments({ origin, key, signal }, rounds)
  } finally {
    await stop()
  }
}

/** The database holds the seed at scale; answers a key of the account that has most sets in it. */
async function fill(database: Database, folder: string, signal: AbortSignal): Promise<string> {
  const { kysely } = database
  await migrateToLatest(kysely)
  signal.throwIfAborted()
  const vault = await openOrCreateVault(database, join(folder, 'keys.json'))
  await seed({ database, vault, scale: SCALE })
  signal.throwIfAborted()
  await sql`vacuum analyze account, measurement_set, pattern, curated_set`.execute(kysely)
  const { id: accountId } = await kysely
    .selectFrom('account')
    .innerJoin('measurement_set', 'measurement_set.account_id', 'account.id')
    .select('account.id')
    .where('account.status', '=', 'active')
    .where('account.consent', '=', 'measurements')
    .groupBy('account.id')
    .orderBy(sql`count(*)`, 'desc')
    .limit(1)
    .executeTakeFirstOrThrow()
  const expiresAt = new Date(systemClock().getTime() + 86_400_000)
  const key = { accountId, level: 3, expiresAt, name: 'calibration' } as const
  const { secret } = await issueKey({ database, vault, clock: systemClock }, key)
  signal.throwIfAborted()
  return secret
}
