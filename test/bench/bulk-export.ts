// Exports all sets of a database (by default 100 000) in a process that does nothing else: sets a second, and by how much its
// memory grows.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { v7 } from 'uuid'
import type { BulkRunner } from '../../src/community/bulk-export/bulk-runner.ts'
import { sealAsked } from '../../src/community/bulk-export/export-row.ts'
import { runExports } from '../../src/community/bulk-export/run-exports.ts'
import { readConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/database/open.ts'
import { createLeasedQuota } from '../../src/quota/leased-quota.ts'
import { createPostgresStore } from '../../src/quota/postgres-store.ts'
import { createBulkReader } from '../../src/schema/bulk-export/bulk-reader.ts'
import { schema } from '../../src/schema/schema.ts'
import { seed } from '../../src/seed/seed.ts'
import { openOrCreateVault } from '../../src/vault/key-file.ts'
import { insertAccount } from '../support/account.ts'
import { AMPLE_POLICIES } from '../support/policies.ts'
import { progress } from './progress.ts'

const QUERY =
  '{ allMeasurementSets { nodes { id name notes measurements createdAt updatedAt owner { id } } } }'

/** For all that the exporting process keeps, its code included: it ends at once where that does not do. */
const HEAP_MB = 100

const [sets = '100000', folder] = process.argv.slice(2)
if (folder === undefined) await prepareAndMeasure(Number(sets))
else await measure(folder)

async function prepareAndMeasure(count: number): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), 'maat-bulk-'))
  const config = readConfig({ MAAT_DATA: data })
  const database = await openDatabase(config, { applicationName: 'maat-background' })
  try {
    const vault = await openOrCreateVault(database, config.keys)
    progress(`seeding ${count} sets`)
    const scale = { accounts: count / 10, sets: count, patterns: 0, randomSeed: 1 }
    await seed({ database, vault, scale })
    const accountId = await insertAccount(database, vault, { role: 'admin' })
    const id = v7()
    const now = new Date()
    const asked = sealAsked(vault, { row: id, owner: accountId }, { query: QUERY, url: null })
    await database.kysely
      .insertInto('bulk_export')
      .values({
        id,
        account_id: accountId,
        credential_kind: 'session',
        level: 8,
        is_all: true,
        ...asked,
        created_at: now,
        worked_at: now,
      })
      .execute()
    progress('exporting them')
    const child = spawn(
      process.execPath,
      [
        ...process.execArgv,
        `--max-old-space-size=${HEAP_MB}`,
        fileURLToPath(import.meta.url),
        String(count),
        data,
      ],
      { stdio: 'inherit' },
    )
    const [code] = await once(child, 'exit')
    if (code !== 0) throw new Error(`The export ended with ${code}.`)
  } finally {
    await database.close()
    await rm(data, { recursive: true })
  }
}

async function measure(data: string): Promise<void> {
  const config = readConfig({ MAAT_DATA: data })
  const database = await openDatabase(config, { applicationName: 'maat-background', max: 1 })
  const vault = await openOrCreateVault(database, config.keys)
  const quota = createLeasedQuota({
    store: createPostgresStore(database),
    gateway: crypto.randomUUID(),
    monotonic: () => performance.now(),
    whenAway: 'refuse',
    onAway: fail,
    onBack: () => {},
    onDefect: fail,
  })
  const runner: BulkRunner = {
    database,
    vault,
    clock,
    random: randomBytes,
    publicUrl: 'http://127.0.0.1:4000',
    quota,
    policies: AMPLE_POLICIES,
    openQuery: createBulkReader({ schema, database, vault, clock }),
    onFailure: fail,
  }
  const before = process.memoryUsage.rss()
  const { userCPUTime: cpuBefore } = process.resourceUsage()
  const start = performance.now()
  await runExports(runner, new AbortController().signal)
  const seconds = (performance.now() - start) / 1000
  const { maxRSS, userCPUTime } = process.resourceUsage()
  const {
    state,
    sets: exported,
    bytes,
  } = await database.kysely
    .selectFrom('bulk_export')
    .select(['state', 'sets', 'bytes'])
    .executeTakeFirstOrThrow()
  await quota.close()
  await database.close()
  process.stdout.write(
    `${state}: ${exported} sets, ${megabytes(Number(bytes))}, in ${seconds.toFixed(1)} s: ${Math.round(exported / seconds)} sets/s, half of the time at rest, ${Math.round((userCPUTime - cpuBefore) / exported)} µs of CPU a set\n` +
      `memory: ${megabytes(before)} before, ${megabytes(maxRSS * 1024)} at most, ${megabytes(maxRSS * 1024 - before)} of growth\n`,
  )
}

function clock(): Date {
  return new Date()
}

function fail(error: unknown): never {
  throw error
}

function megabytes(size: number): string {
  return `${Math.round(size / 1e6)} MB`
}
