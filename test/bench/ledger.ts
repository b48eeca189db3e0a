// Times what people and operators ask of a ledger on this machine: by default of 10 000 000 records of 60 days.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { parse } from 'graphql'
import type pg from 'pg'

import type { Principal } from '../../src/auth/principal.ts'
import { readConfig } from '../../src/config.ts'
import { type OpenDatabase, openDatabase } from '../../src/database/open.ts'
import { compileOperation } from '../../src/schema/plan/operation.ts'
import { schema } from '../../src/schema/schema.ts'
import { openOrCreateVault } from '../../src/vault/key-file.ts'
import type { Vault } from '../../src/vault/vault.ts'
import { insertAccount } from '../support/account.ts'
import { keyOf } from '../support/planned-request.ts'
import { RATE_LIMIT } from '../support/rate-limit.ts'
import { progress } from './progress.ts'

const RECORDS = Number(process.argv[2] ?? 10_000_000)
const PORTION = 500_000
const DAYS = 60
const ACCOUNTS = 500
const KEYS_EACH = 4
const OPERATIONS = 5
/** Records that are in no roll-up yet: what a busy gateway brings in ten seconds. */
const FRESH_SECONDS = Math.ceil((10_000 / RECORDS) * DAYS * 86_400)
const TIMES = 40

const QUESTIONS: Readonly<Record<string, string>> = {
  'usage: 30 days': '{ usage { total { points } rows { from points } } }',
  'usage: hours, operations':
    '{ usage(by: HOUR, groupBy: OPERATION) { rows { from operation points } } }',
  total: '{ oversight { total { points } } }',
  topAccounts: '{ oversight { topAccounts { account { username } points } } }',
  topKeys: '{ oversight { topKeys { key points } } }',
  topOperations: '{ oversight { topOperations(by: DATABASE) { operation points } } }',
  trend: '{ oversight { trend { from points } } }',
  forecast: '{ oversight { forecast { points } } }',
  refusals: '{ oversight { refusals { code refusals } } }',
  loosest: '{ oversight { loosest { operation looseness } } }',
}

const data = await mkdtemp(join(tmpdir(), 'maat-ledger-'))
const config = readConfig({ MAAT_DATA: data })
const database = await openDatabase(config, { applicationName: 'maat-background' })
try {
  const vault = await openOrCreateVault(database, config.keys)
  const accounts: string[] = []
  while (accounts.length < ACCOUNTS) accounts.push(await insertAccount(database, vault))
  const client = await database.pool.connect()
  try {
    // Nobody waits for it, and nothing of it is kept.
    await client.query(`set statement_timeout = 0; set synchronous_commit = off`)
    await fill(client, accounts)
  } finally {
    client.release()
  }
  for (const [name, question] of Object.entries(QUESTIONS)) {
    const times = await time(database, vault, { accountId: accounts[0] ?? '', question })
    const at = (share: number): string => (times[Math.floor(share * TIMES)] ?? 0).toFixed(1)
    process.stdout.write(`${name.padEnd(26)} p50 ${at(0.5)} ms, p95 ${at(0.95)} ms\n`)
  }
} finally {
  await database.close()
  await rm(data, { recursive: true })
}

/** Records evenly over the days before now, most of them of few accounts, and their roll-ups. */
async function fill(client: pg.PoolClient, accounts: readonly string[]): Promise<void> {
  const tables = ['usage_record', 'usage_hour', 'usage_day', 'usage_apart', 'usage_refusal']
  await client.query(
    `select ledger_month(parent, now() - day * interval '1 day') from unnest($1::text[]) as p (parent), generate_series(0, $2) as day`,
    [tables, DAYS + 1],
  )
  await client.query(
    `create temporary table who as
       select n, account_id, array(select gen_random_uuid() from generate_series(1, ${KEYS_EACH}) where n > 0) as keys
       from unnest($1::uuid[]) with ordinality as a (account_id, n)`,
    [accounts],
  )
  const portions = Math.ceil(RECORDS / PORTION)
  for (let portion = 0; portion < portions; portion += 1) {
    progress(`${portion + 1} of ${portions} portions of records`)
    await client.query(
      `insert into usage_record
         select now() - (${RECORDS} - $1::int - r.n) * interval '${DAYS} days' / ${RECORDS}, '01a21bac-ef85-77cd-a97b-651cc73bb643', $2, r.n,
           'r-' || r.n, gen_random_uuid(), now(), w.account_id, w.keys[1 + r.n % ${KEYS_EACH}], 'Operation' || (r.n % ${OPERATIONS}), null,
           40, 10 + r.n % 20, 5, 900, 4000, 3000, case when r.n % 50 = 0 then 'RATE_LIMITED' else 'OK' end, 1
         from (select n, 1 + floor(${ACCOUNTS} * power(random(), 3))::int as place from generate_series(0, ${PORTION - 1}) as n) as r
         join who w on w.n = r.place`,
      [portion * PORTION, portion],
    )
  }
  progress('rolling up')
  const sums = `sum(operations), coalesce(sum(operations) filter (where outcome <> 'OK'), 0), coalesce(sum(estimated) filter (where outcome = 'OK'), 0),
    sum(points), sum(points), sum(rows), sum(database_us), sum(bytes), sum(duration_us)`
  const rolled = `from usage_record where recorded_at < now() - interval '${FRESH_SECONDS} seconds'`
  for (const unit of ['hour', 'day']) {
    await client.query(
      `insert into usage_${unit} select date_trunc('${unit}', recorded_at), account_id, key_id, operation, ${sums} ${rolled} group by 1, 2, 3, 4`,
    )
  }
  for (const [kind, columns] of Object.entries({
    all: 'null::uuid, null::uuid, null::text',
    account: 'account_id, null::uuid, null::text',
    key: 'null::uuid, key_id, null::text',
    operation: 'null::uuid, null::uuid, operation',
  })) {
    await client.query(
      `insert into usage_apart select day, '${kind}', ${columns}, sum(operations), sum(refusals), sum(estimated), sum(points), sum(database_us), sum(bytes)
         from usage_day group by 1, 2, 3, 4, 5`,
    )
  }
  await client.query(
    `insert into usage_refusal select date_trunc('day', recorded_at), account_id, key_id, outcome, sum(operations) ${rolled} and outcome <> 'OK' group by 1, 2, 3, 4`,
  )
  await client.query(
    `insert into usage_batch (gateway_id, segment, place, place_end, first_at, last_at)
       select '01a21bac-ef85-77cd-a97b-651cc73bb643', $1, min(place), max(place) + 1, min(recorded_at), max(recorded_at)
       from usage_record where recorded_at >= now() - interval '${FRESH_SECONDS} seconds'`,
    [portions - 1],
  )
  await client.query('analyze')
  const { rows } = await client.query(
    `select (select count(*) from usage_record)::int as records, (select count(*) from usage_day)::int as days, (select count(*) from usage_fresh)::int as fresh`,
  )
  process.stdout.write(
    `${rows[0].records} records, ${rows[0].days} rows by day, ${rows[0].fresh} records not rolled up\n`,
  )
}

/** Milliseconds that the question took, each time, in order. */
async function time(
  { pool }: OpenDatabase,
  vault: Vault,
  { accountId, question }: { readonly accountId: string; readonly question: string },
): Promise<readonly number[]> {
  const key = keyOf('ada')
  const principal: Principal = {
    ...key,
    accountId,
    standing: { kind: 'key', level: 8, role: 'admin', status: 'active', consent: 'measurements' },
  }
  const plan = compileOperation(schema, parse(question)).plan(principal.standing, {})
  const times: number[] = []
  for (let n = -3; n < TIMES; n += 1) {
    const start = performance.now()
    const request = { principal, variables: {}, vault, rateLimit: RATE_LIMIT }
    await plan.run({ ...request, database: { ...database, pool } })
    if (n >= 0) times.push(performance.now() - start)
  }
  return times.toSorted((a, b) => a - b)
}
