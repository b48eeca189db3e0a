import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

import pg from 'pg'

import { connectDatabase } from '../../src/database/connect.ts'
import { launchPostgres } from '../../src/database/embedded/launch.ts'
import { keepLedger } from '../../src/metering/retention.ts'
import { migrateToLatest } from '../../src/database/migrate.ts'
import { makeFolder } from './temporary-folder.ts'

/** What a test file needs to make databases of its own. */
export interface TestServer {
  /** The server's maintenance database. */
  readonly url: string
  /** Name of a migrated, empty database. Databases of this run begin with it. */
  readonly template: string
}

/** No byte of a test run has to survive a power cut. */
const FAST = ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off', 'max_connections=200']

/**
 * A PostgreSQL with a migrated template database: DATABASE_URL's, or an embedded one of the binaries in
 * MAAT_TEST_POSTGRES. Nothing of it remains after `stop`, or after this process ends in any other way.
 */
export async function startTestServer(): Promise<TestServer & { stop: () => Promise<void> }> {
  const server = await ownServer()
  const template = `maat_test_${randomBytes(6).toString('hex')}`
  await query(server.url, `create database ${template}`)
  const database = connectDatabase({ url: urlOf(server.url, template), applicationName: 'maat' })
  try {
    await migrateToLatest(database.kysely)
    // As a gateway finds them that has run for an hour.
    await keepLedger(database, () => new Date(), { recordDays: 90, usageMonths: 25 })
  } finally {
    await database.close()
  }
  return {
    url: server.url,
    template,
    async stop() {
      await dropDatabases(server.url, template)
      await server.stop()
    },
  }
}

/** The same server, another database. */
export function urlOf(server: string, database: string): string {
  const url = new URL(server)
  url.pathname = `/${database}`
  return url.href
}

export async function query(
  url: string,
  text: string,
): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

async function ownServer(): Promise<{ url: string; stop: () => Promise<void> }> {
  const url = process.env['DATABASE_URL']
  if (url !== undefined) return { url, stop: async () => {} }
  const binaries = process.env['MAAT_TEST_POSTGRES']
  if (binaries !== undefined && !existsSync(join(binaries, 'postgres'))) {
    throw new Error(`${binaries} holds no PostgreSQL. The oldest one is Debian's postgresql-15.`)
  }
  const data = await makeFolder()
  const guard = guardFolder(data)
  const server = await launchPostgres({
    data,
    settings: FAST,
    ...(binaries === undefined ? {} : { binaries }),
  })
  return {
    url: server.url,
    async stop() {
      await server.close()
      guard.stdin?.end()
      await once(guard, 'exit')
    },
  }
}

/** Outlives this process by a moment, however that ends: stops what still runs in the folder and removes it. */
function guardFolder(folder: string): ChildProcess {
  const script = `
    cat > /dev/null
    pid=$(head -n 1 "$0/postgres/cluster/postmaster.pid" 2> /dev/null) && kill -QUIT "$pid"
    while [ -n "$pid" ] && kill -0 "$pid" 2> /dev/null; do sleep 0.05; done
    rm -rf "$0"`
  const stdio = ['pipe', 'ignore', 'ignore'] as const
  return spawn('/bin/sh', ['-c', script, folder], { stdio: [...stdio], detached: true })
}

async function dropDatabases(url: string, prefix: string): Promise<void> {
  const rows = await query(
    url,
    `select datname from pg_database where starts_with(datname, '${prefix}')`,
  )
  for (const { datname } of rows)
    await query(url, `drop database "${String(datname)}" with (force)`)
}
