import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { issueKey } from '../../src/auth/issue-key.ts'
import { connectDatabase } from '../../src/database/connect.ts'
import { launchPostgres } from '../../src/database/embedded/launch.ts'
import { migrateToLatest } from '../../src/database/migrate.ts'
import { openOrCreateVault } from '../../src/vault/key-file.ts'
import { loadPlain } from './load-plain.ts'
import { loadSealed } from './load-sealed.ts'
import { parentOf } from './processes.ts'
import { progress } from './progress.ts'
import { type Rows, type Sizes, makeRows } from './rows.ts'

/** Who a request comes from. */
export interface Caller {
  readonly id: string
  /** The secrets of a key of level 2 and of one of level 5. */
  readonly level2: string
  readonly level5: string
}

export interface BenchDatabase {
  readonly url: string
  /** Where everything of it lies; logs of the servers too. */
  readonly folder: string
  readonly keyFile: string
  /** What `select version()` says, in short. */
  readonly version: string
  /** The parent of all backends. */
  readonly postmaster: number
  readonly rows: Rows
  readonly callers: readonly Caller[]
  readonly close: () => Promise<void>
}

/** The same for every server; printed with the results. */
export const SETTINGS = [
  'shared_buffers=1GB',
  'effective_cache_size=2GB',
  'work_mem=16MB',
  'random_page_cost=1.1',
  'jit=off',
  'autovacuum=off',
]

/**
 * The embedded PostgreSQL on this folder holds the rows twice: sealed in the product's tables, and in the clear in the schema
 * `plain`. Rows of the same sizes that an earlier run left there are kept.
 */
export async function openBenchDatabase(folder: string, sizes: Sizes): Promise<BenchDatabase> {
  const postgres = await launchPostgres({ data: folder, settings: SETTINGS })
  const client = new pg.Client({ connectionString: postgres.url })
  await client.connect()
  try {
    const rows = makeRows(sizes)
    const keyFile = join(folder, 'keys.json')
    if (!(await isLoaded(client, sizes))) await load(client, postgres.url, keyFile, rows, sizes)
    const { rows: callers } = await client.query<Caller>(
      'select id, level2, level5 from plain.caller order by position',
    )
    const [about] = (
      await client.query<{ backend: number; version: string }>(
        `select pg_backend_pid() as backend, current_setting('server_version') as version`,
      )
    ).rows
    if (about === undefined) throw new Error('PostgreSQL does not say who it is.')
    const { version, backend } = about
    const postmaster = parentOf(backend)
    if (postmaster === null) throw new Error('PostgreSQL runs on another machine.')
    const { url, close } = postgres
    return { url, folder, keyFile, version, postmaster, rows, callers, close }
  } catch (error) {
    await postgres.close()
    throw error
  } finally {
    await client.end()
  }
}

async function load(
  client: pg.Client,
  url: string,
  keyFile: string,
  rows: Rows,
  sizes: Sizes,
): Promise<void> {
  await client.query('drop schema if exists plain cascade')
  await client.query('drop schema public cascade')
  await client.query('create schema public')
  const database = connectDatabase({ url, applicationName: 'maat-background' })
  try {
    progress('making the tables')
    await migrateToLatest(database.kysely)
    const vault = await openOrCreateVault(database, keyFile)
    progress(`loading ${sizes.sets} sets in the clear`)
    await loadPlain(client, rows)
    progress('loading the same sets sealed')
    await loadSealed(client, vault, rows)
    await checkIds(client)
    progress(`issuing ${rows.callers * 2} keys`)
    const expiresAt = new Date(Date.now() + 300 * 24 * 3_600_000)
    const issue = async (accountId: string, level: 2 | 5) => {
      const key = { accountId, level, expiresAt, name: 'bench' }
      return (await issueKey({ database, vault, clock: () => new Date() }, key)).secret
    }
    await client.query(
      'create table plain.caller (position int primary key, id uuid, level2 text, level5 text)',
    )
    for (const [position, { id }] of rows.accounts.slice(0, rows.callers).entries()) {
      const caller = [position, id, await issue(id, 2), await issue(id, 5)]
      await client.query('insert into plain.caller values ($1, $2, $3, $4)', caller)
    }
    await client.query('vacuum analyze')
    await client.query('checkpoint')
    await client.query('create table plain.origin as select $1::text as fingerprint', [
      fingerprint(sizes),
    ])
  } finally {
    await database.close()
  }
}

async function isLoaded(client: pg.Client, sizes: Sizes): Promise<boolean> {
  const found = await client.query(`select where to_regclass('plain.origin') is not null`)
  if (found.rowCount === 0) return false
  const { rows } = await client.query<{ fingerprint: string }>('select * from plain.origin')
  return rows[0]?.fingerprint === fingerprint(sizes)
}

/** Says which rows are loaded, and under which tables. */
function fingerprint(sizes: Sizes): string {
  const migrations = new URL('../../db/migrations/', import.meta.url)
  const sources = [
    ...readdirSync(migrations).map((name) => new URL(name, migrations)),
    ...['plain.sql', 'rows.ts'].map((name) => new URL(name, import.meta.url)),
  ]
  const texts = sources.map((source) => readFileSync(source, 'utf8'))
  return `${JSON.stringify(sizes)} ${createHash('sha256').update(texts.join()).digest('hex')}`
}

/** @throws {Error} when a row has another id in the product's tables than in the plain copy */
async function checkIds(client: pg.Client): Promise<void> {
  for (const [table, prefix] of [
    ['account', 'acc'],
    ['measurement_set', 'set'],
    ['pattern', 'pat'],
  ]) {
    const { rows } = await client.query(
      `select id from public.${table} sealed full join plain.${table} plain using (id)
       where '${prefix}_' || sealed.slug is distinct from plain.ref limit 1`,
    )
    if (rows.length > 0) throw new Error(`The two copies of ${table} differ.`)
  }
}
