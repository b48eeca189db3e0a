import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { sql } from 'kysely'

import { issueKey } from '../auth/issue-key.ts'
import { systemClock } from '../clock.ts'
import { type Config, readConfig } from '../config.ts'
import { connectDatabase, type Database } from '../database/connect.ts'
import { migrateToLatest } from '../database/migrate.ts'
import { openDatabase, type OpenDatabase } from '../database/open.ts'
import { createTemporaryDatabase } from '../database/temporary-database.ts'
import { StartError } from '../errors.ts'
import { calibrate, type MeasuredDocument } from '../oversight/calibration/calibration.ts'
import { printCalibration } from '../oversight/calibration/print-calibration.ts'
import { storePointCosts } from '../oversight/calibration/store-point-costs.ts'
import { PAYMENTS } from '../schema/count-prices.ts'
import { seed } from '../seed/seed.ts'
import { openOrCreateVault } from '../vault/key-file.ts'
import { type CalibrationGateway, startGateway } from './calibration-gateway.ts'
import { startProgress } from './progress.ts'
import { readMeasured } from './read-measured.ts'
import { runCommand } from './run-command.ts'
import { type Asked, BATCH, type Ran, type Rounds, runDocuments } from './run-documents.ts'

const USAGE = 'npm run -s calibrate -- [--rounds N] [--dry-run] [--json]'

/** Enough that a page has its full size; the same for everybody, so that deployments can be compared. */
const SCALE = { accounts: 100, sets: 4000, patterns: 4000, randomSeed: 1 }

await runCommand(async () => {
  const flags = readFlags()
  const config = readConfig()
  const stop = stopOnSignals()
  const database = await openDatabase(config, { applicationName: 'maat-background', max: 2 })
  try {
    const documents = await measure(database, { config, rounds: flags.rounds, signal: stop }).catch(
      (error: unknown) => {
        throw stop.aborted ? stop.reason : error
      },
    )
    const calibration = calibrate(documents, config.bill.prices, PAYMENTS)
    const measuredAt = systemClock()
    const operations = documents.length * flags.rounds * BATCH
    if (!flags.isDryRun) {
      await storePointCosts(database.kysely, calibration, { measuredAt, operations })
    }
    if (flags.isJson) {
      const { currency } = config.bill
      const isStored = !flags.isDryRun
      const found = { measuredAt, operations, currency, isStored, ...calibration, documents }
      console.log(JSON.stringify(found))
      return
    }
    console.log(`${operations} operations of ${documents.length} documents.\n`)
    for (const line of printCalibration(calibration, config.bill.currency)) console.log(line)
    console.log(
      flags.isDryRun ? '\nNothing was stored.' : '\nStored: the bill goes by it from now on.',
    )
  } finally {
    await database.close()
  }
}, USAGE)

interface Measuring {
  readonly config: Config
  readonly rounds: number
  readonly signal: AbortSignal
}

/** In a database and a folder of its own, which are gone afterwards, however it ends. */
async function measure(
  database: OpenDatabase,
  { config, rounds, signal }: Measuring,
): Promise<readonly MeasuredDocument[]> {
  const folder = await mkdtemp(join(tmpdir(), 'maat-calibration-'))
  try {
    const own = await createTemporaryDatabase(database, 'calibration')
    try {
      const { preparedStatements } = config
      const place = { databaseUrl: own.url, folder, preparedStatements }
      return await measureIn(place, { rounds, signal })
    } finally {
      await own.drop()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measureIn(
  place: Parameters<typeof startGateway>[0],
  { rounds, signal }: Omit<Measuring, 'config'>,
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

/** Aborted by SIGINT and SIGTERM, of which one may arrive more than once: what was made meanwhile is cleared away first. */
function stopOnSignals(): AbortSignal {
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () =>
      stop.abort(new StartError(`Stopped by ${name}. Nothing was stored, and nothing is left.`)),
    )
  }
  return stop.signal
}

function readFlags() {
  const flag = { type: 'boolean', default: false } as const
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '20' }, 'dry-run': flag, json: flag },
  })
  const rounds = /^\d{1,4}$/.test(values.rounds) ? Number(values.rounds) : 0
  if (rounds >= 1 && rounds <= 1000) {
    return { rounds, isDryRun: values['dry-run'], isJson: values.json }
  }
  throw new StartError(
    `--rounds is ${JSON.stringify(values.rounds)}; accepted: a whole number from 1 to 1000.`,
  )
}
