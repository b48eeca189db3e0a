import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'

import { createKeyFile } from '../../src/vault/key-file.ts'
import { sendRequest } from '../support/http-request.ts'
import { query } from '../support/postgres.ts'
import { startGateway, type StartedGateway } from '../support/started-gateway.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { testDatabase } from '../support/test-database.ts'

const BURST = { capacity: 700, restorePerSecond: 20 }
/** Cheap enough for a lease, and all of it is spent. */
const CHEAP = '{ me { username } }'
/** Too dear for a lease, and most of its page is empty. */
const DEAR = '{ me { measurementSets(first: 40) { nodes { name } } } }'
/** Small budgets, and nothing else in the way of a client that hammers. */
const POLICIES = {
  burst: BURST,
  'young-day': { capacity: 100_000 },
  'in-flight': 100_000,
  ceiling: 500,
  attempts: { capacity: 1_000_000, restorePerSecond: 1000 },
  levels: Object.fromEntries([5, 6, 7, 8].map((level) => [level, { ceiling: 500 }])),
}

interface Answered {
  readonly status: number
  readonly code: string | null
  /** Points that it was charged. */
  readonly actual: number
}

interface Fleet {
  readonly gateways: readonly StartedGateway[]
  /** Asks one of them for the demo account, as its key. */
  readonly ask: (gateway: StartedGateway, document: string) => Promise<Answered>
  /** What the account's burst counts, and the seconds of its database's clock. */
  readonly read: () => Promise<Counted>
}

interface Counted {
  readonly reserved: number
  readonly refunded: number
  readonly forfeited: number
  readonly seconds: number
}

/** So many gateways, processes of their own over one database. */
async function fleetOf(size: number): Promise<Fleet> {
  const { url } = await testDatabase()
  const data = await temporaryFolder()
  const policies = join(data, 'policies.json')
  await createKeyFile(join(data, 'keys.json'))
  await writeFile(policies, JSON.stringify(POLICIES))
  const env = { DATABASE_URL: url, MAAT_DATA: data, MAAT_DEMO: '1', MAAT_POLICIES: policies }
  const first = await startGateway(env)
  const others = Array.from({ length: size - 1 }, () => startGateway(env))
  const authorization = `Bearer ${(await readFile(join(data, 'demo-key'), 'utf8')).trim()}`
  return {
    gateways: [first, ...(await Promise.all(others))],
    async ask({ origin }, document) {
      const { status, body } = await sendRequest(origin, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ query: document }),
      })
      const { errors, extensions } = JSON.parse(body)
      const code = errors?.[0]?.extensions?.code ?? null
      return { status, code, actual: extensions.cost.actual }
    },
    async read() {
      const [row] = await query(
        url,
        `select reserved::int, refunded::int, forfeited::int, extract(epoch from clock_timestamp())::float8 as seconds
         from (values ('burst')) as b (partition) left join quota_budget using (partition)`,
      )
      // One row is listed, and every column has its type.
      return row as unknown as Counted
    },
  }
}

/** As many clients at the same time, each asking so many times, one operation after the other. */
async function hammer(
  { gateways, ask }: Fleet,
  { clients, requests }: { readonly clients: number; readonly requests: number },
): Promise<readonly Answered[]> {
  const client = async (gateway: StartedGateway): Promise<readonly Answered[]> => {
    const answers: Answered[] = []
    for (let n = 0; n < requests; n += 1) {
      // oxlint-disable-next-line no-await-in-loop -- a client waits for its answer
      answers.push(await ask(gateway, n % 2 === 0 ? DEAR : CHEAP))
    }
    return answers
  }
  const all = gateways.flatMap((gateway) => Array.from({ length: clients }, () => client(gateway)))
  return (await Promise.all(all)).flat()
}

function actualOf(answers: readonly Answered[]): number {
  return answers.reduce((sum, { actual }) => sum + actual, 0)
}

test('four gateways under 64 clients each grant one account no more than it has, and account for every point', async () => {
  const fleet = await fleetOf(4)
  const before = await fleet.read()
  const answers = await hammer(fleet, { clients: 64, requests: 8 })
  const during = await fleet.read()
  const elapsed = during.seconds - before.seconds
  expect(during.reserved - during.refunded).toBeLessThanOrEqual(
    BURST.capacity + BURST.restorePerSecond * elapsed,
  )
  const outcomes = new Set(answers.map(({ status, code }) => `${status} ${code}`))
  expect(outcomes).toEqual(new Set(['200 null', '429 RATE_LIMITED']))
  expect(await Promise.all(fleet.gateways.map(({ end }) => end('SIGTERM')))).toEqual([0, 0, 0, 0])
  const { reserved, refunded, forfeited } = await fleet.read()
  expect({ debits: reserved - refunded, forfeited }).toEqual({
    debits: actualOf(answers),
    forfeited: 0,
  })
}, 120_000)

test('a gateway paused for ten seconds forfeits its lease once, and serves again', async () => {
  const fleet = await fleetOf(3)
  const [paused, other] = fleet.gateways
  if (paused === undefined || other === undefined) throw new Error('Too few gateways.')
  const first = await fleet.ask(paused, CHEAP)
  const ofLease = await fleet.ask(paused, CHEAP)
  paused.child.kill('SIGSTOP')
  const { reserved: before, seconds: pausedAt } = await fleet.read()
  const lease = before - first.actual
  expect(lease).toBeGreaterThan(ofLease.actual)
  const meanwhile = await vi.waitFor(
    async () => {
      const now = await fleet.read()
      expect(now.seconds - pausedAt).toBeGreaterThan(10)
      return now
    },
    { timeout: 30_000, interval: 100 },
  )
  expect(meanwhile).toMatchObject({ reserved: before, refunded: 0, forfeited: lease })
  paused.child.kill('SIGCONT')
  const served = [await fleet.ask(paused, CHEAP), await fleet.ask(other, CHEAP)]
  expect(served.map(({ status }) => status)).toEqual([200, 200])
  await Promise.all(fleet.gateways.map(({ end }) => end('SIGTERM')))
  const { reserved, refunded, forfeited } = await fleet.read()
  expect(forfeited).toBe(lease)
  expect(reserved - refunded).toBe(lease + actualOf([first, ...served]))
})
