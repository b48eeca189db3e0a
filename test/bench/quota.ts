// Reservations and settlements a second of both quota stores, exact, without leases: processes x clients that all meet in the
// budget of the whole service, each client with a burst and a day of its own besides. CPU is the server's. Needs Debian's
// redis-server, and /proc.
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { connectDatabase } from '../../src/database/connect.ts'
import { launchPostgres } from '../../src/database/embedded/launch.ts'
import { migrateToLatest } from '../../src/database/migrate.ts'
import { ApiError } from '../../src/errors.ts'
import { createPostgresStore } from '../../src/quota/postgres-store.ts'
import { createRedisStore } from '../../src/quota/redis-store.ts'
import type { Claim, QuotaStore } from '../../src/quota/store.ts'
import { familyCpuUs, parentOf } from './processes.ts'
import { progress } from './progress.ts'

const PROCESSES = 4
const CLIENTS = 64
const SECONDS = 5
const STORES = { PostgreSQL: withPostgres, Redis: withRedis } as const

/** What is done with a server at this address, of this process. */
type Use = (url: string, pid: number) => Promise<void>

const [driver, address] = process.argv.slice(2)
if (driver === undefined || address === undefined) await compare()
else await load(driver, address)

async function compare(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'maat-quota-'))
  try {
    for (const [name, withStore] of Object.entries(STORES)) {
      progress(`${name}: ${PROCESSES} processes of ${CLIENTS} clients, ${SECONDS} s`)
      await withStore(folder, async (url, pid) => {
        const before = familyCpuUs(pid)
        const workers = Array.from({ length: PROCESSES }, () =>
          fork(import.meta.filename, [name, url]),
        )
        const loads = await Promise.all(workers.map(loadOf))
        const times = loads.flatMap((one) => one.times).toSorted((one, other) => one - other)
        const failed = loads.reduce((sum, one) => sum + one.failed, 0)
        const cpuUs = Math.round((familyCpuUs(pid) - before) / times.length)
        for (const worker of workers) worker.disconnect()
        process.stdout.write(
          `${name}: ${Math.round(times.length / SECONDS)} reserved and settled a second; a pair takes ` +
            `${at(times, 0.5)} ms (median), ${at(times, 0.99)} ms (99 %) and ${cpuUs} us of CPU; ${failed} UNAVAILABLE\n`,
        )
      })
    }
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function withPostgres(folder: string, use: Use): Promise<void> {
  const server = await launchPostgres({ data: folder })
  try {
    const database = connectDatabase({ url: server.url, applicationName: 'maat-background' })
    await migrateToLatest(database.kysely)
    const { rows } = await database.pool.query<{ pid: number }>('select pg_backend_pid() as pid')
    const postmaster = parentOf(rows[0]?.pid ?? 0)
    await database.close()
    if (postmaster === null) throw new Error('PostgreSQL runs on another machine.')
    await use(server.url, postmaster)
  } finally {
    await server.close()
  }
}

async function withRedis(folder: string, use: Use): Promise<void> {
  const url = join(folder, 'redis.sock')
  const options = ['--port', '0', '--unixsocket', url, '--save', '', '--appendonly', 'no']
  const server = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'ignore'] })
  try {
    for await (const line of createInterface({ input: server.stdout })) {
      if (line.includes('eady to accept')) break
    }
    if (server.pid === undefined) throw new Error('There is no redis-server.')
    await use(url, server.pid)
  } finally {
    server.kill()
  }
}

interface Load {
  /** Milliseconds of each pair. */
  readonly times: number[]
  /** Pairs that the store was too busy for. */
  failed: number
}

async function loadOf(worker: ChildProcess): Promise<Load> {
  const [answer] = await Promise.race([once(worker, 'message'), once(worker, 'exit')])
  if (typeof answer === 'number') throw new Error('A process of the load ended early.')
  // What load sends.
  return answer as Load
}

async function load(name: string, url: string): Promise<void> {
  const database = connectDatabase({ url, applicationName: 'maat' })
  const isPostgres = name === 'PostgreSQL'
  const store = isPostgres ? createPostgresStore(database) : await createRedisStore({ url })
  const until = performance.now() + SECONDS * 1000
  const done: Load = { times: [], failed: 0 }
  await Promise.all(Array.from({ length: CLIENTS }, () => drive(store, until, done)))
  process.send?.(done)
  // The time of a backend that has ended is hard to come by.
  await once(process, 'disconnect')
  await store.close()
  await database.close()
}

async function drive(store: QuotaStore, until: number, done: Load): Promise<void> {
  const subject = randomUUID()
  const ample = { capacity: 1e9, restorePerSecond: 1e6 }
  const claims: readonly Claim[] = [
    { partition: 'burst', subject, budget: { kind: 'bucket', ...ample } },
    { partition: 'day', subject, budget: { kind: 'window', window: 'day', capacity: 1e9 } },
    { partition: 'service-burst', subject: 'all', budget: { kind: 'bucket', ...ample } },
  ]
  while (performance.now() < until) {
    const startedAt = performance.now()
    try {
      const grant = await store.reserve(claims, { points: 40, lease: 'never', forfeitMs: 12_000 })
      if (grant.kind === 'refused') throw new Error(`${grant.partition} ran out.`)
      await store.settle(grant.id, 25)
      done.times.push(performance.now() - startedAt)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      done.failed += 1
    }
  }
}

function at(sorted: readonly number[], share: number): string {
  return (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1)
}
