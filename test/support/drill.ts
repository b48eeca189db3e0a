import { randomBytes, randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { issueKey } from '../../src/auth/issue-key.ts'
import { createKeyFile, openVault } from '../../src/vault/key-file.ts'
import { insertAccount } from './account.ts'
import { sendRequest } from './http-request.ts'
import { runCommand } from './run-command.ts'
import { type StartedGateway, startGateway } from './started-gateway.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { type TestDatabase, testDatabase } from './test-database.ts'

/** Whether drills run as often and as long as the goals say, or just so that each has been seen. */
export const IS_FULL = process.env['MAAT_TEST_DRILLS'] === 'full'

/** Rather small, so that leases are small too, and budgets run out and fill again. */
const POLICIES = {
  burst: { capacity: 5000, restorePerSecond: 2000 },
  day: { capacity: 10_000_000 },
  'young-day': { capacity: 10_000_000 },
  'in-flight': 1000,
  attempts: { capacity: 1_000_000, restorePerSecond: 100_000 },
  'service-burst': { capacity: 10_000_000, restorePerSecond: 1_000_000 },
}

/** What a client knows of a request of its own. */
export interface Sent {
  readonly requestId: string
  /** null where no answer came. */
  readonly status: number | null
  /** What the answer said that it cost. */
  readonly actual: number | null
}

export interface Drill {
  readonly database: TestDatabase
  /** The gateways by their places; those that were ended are replaced by `start`. */
  readonly gateways: StartedGateway[]
  readonly start: () => Promise<StartedGateway>
  /** As many clients ask one gateway after the other, with a key each, until they are stopped; then all that they sent is answered. */
  readonly load: (clients: number) => Promise<{ readonly stop: () => Promise<readonly Sent[]> }>
  /** What `npm run ledger:check` says last, and its exit code. */
  readonly check: () => Promise<{ readonly code: number | null; readonly lines: readonly string[] }>
}

/** Gateways as processes of their own on one database and one data folder. */
export async function startDrill(size: number, reach?: (url: string) => string): Promise<Drill> {
  const database = await testDatabase()
  const data = await temporaryFolder()
  const policies = join(data, 'policies.json')
  const keys = join(data, 'keys.json')
  await createKeyFile(keys)
  await writeFile(policies, JSON.stringify(POLICIES))
  const vault = await openVault(database, keys)
  const direct = { DATABASE_URL: database.url, MAAT_DATA: data }
  const env = {
    DATABASE_URL: reach?.(database.url) ?? database.url,
    MAAT_DATA: data,
    MAAT_POLICIES: policies,
    MAAT_DEMO: '0',
    LOG_LEVEL: 'silent',
  }
  const start = () => startGateway(env)
  const gateways = await Promise.all(Array.from({ length: size }, start))
  return {
    database,
    gateways,
    start,
    async load(clients) {
      const over = new AbortController()
      const sent: Sent[] = []
      const running = await Promise.all(Array.from({ length: clients }, begin))
      return {
        async stop() {
          over.abort()
          await Promise.all(running.map(({ ended }) => ended))
          return sent
        },
      }

      async function begin(_: unknown, n: number) {
        const accountId = await insertAccount(database, vault)
        const { secret } = await issueKey(
          { database, vault, clock: () => new Date(), random: randomBytes },
          { accountId, level: 4, expiresAt: new Date(Date.now() + 86_400_000), name: 'drill' },
        )
        const ask = async (): Promise<void> => {
          for (let turn = n; !over.signal.aborted; turn += 1) {
            const gateway = gateways[turn % gateways.length]
            // oxlint-disable-next-line no-await-in-loop -- a client waits for its answer
            if (gateway !== undefined) sent.push(await askFor(gateway.origin, secret))
          }
        }
        return { ended: ask() }
      }
    },
    async check() {
      const { code, stdout, stderr } = await runCommand('ledger-check', ['--wait', '60s'], direct)
      return { code, lines: (stdout + stderr).trimEnd().split('\n') }
    },
  }
}

async function askFor(origin: string, secret: string): Promise<Sent> {
  const requestId = randomUUID()
  try {
    const { status, body } = await sendRequest(origin, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${secret}`,
        'content-type': 'application/json',
        'x-request-id': requestId,
      },
      body: JSON.stringify({ query: 'query Drill { me { username } curatedSets { totalCount } }' }),
    })
    return { requestId, status, actual: JSON.parse(body).extensions.cost.actual }
  } catch {
    // Its gateway was killed, or is not there.
    return { requestId, status: null, actual: null }
  }
}

/** How often the ledger has each request, and what it says that it cost. */
export async function recorded({
  database,
}: Pick<Drill, 'database'>): Promise<ReadonlyMap<string, readonly number[]>> {
  const { rows } = await database.pool.query<{ request_id: string; points: number }>(
    'select request_id, points from usage_record',
  )
  const found = new Map<string, number[]>()
  for (const { request_id: id, points } of rows) {
    const known = found.get(id)
    if (known === undefined) found.set(id, [points])
    else known.push(points)
  }
  return found
}

/** Keys of which the records tell another use than their accounts and they do. */
export async function miscounted({
  database,
}: Pick<Drill, 'database'>): Promise<readonly unknown[]> {
  const { rows } = await database.pool.query(`
    select k.id, k.calls::int, r.calls::int as recorded, a.key_calls::int as "ofAccount", k.last_used_at, r.last_at
    from api_key k join account a on a.id = k.account_id
    left join (
      select key_id, sum(operations) as calls, max(recorded_at) as last_at from usage_record where document is not null group by 1
    ) r on r.key_id = k.id
    where (k.calls, a.key_calls, k.last_used_at, a.last_seen_at) is distinct from (r.calls, r.calls, r.last_at, r.last_at)`)
  return rows
}
