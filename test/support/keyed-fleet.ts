import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { issueKey } from '../../src/auth/issue-key.ts'
import { createKeyFile, openVault } from '../../src/vault/key-file.ts'
import { insertAccount } from './account.ts'
import { sendRequest } from './http-request.ts'
import { startGateway } from './started-gateway.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { type TestDatabase } from './test-database.ts'

/** Budgets that stand in nobody's way. */
const POLICIES = {
  burst: { capacity: 1_000_000, restorePerSecond: 100_000 },
  day: { capacity: 1_000_000_000 },
  'young-day': { capacity: 1_000_000_000 },
  attempts: { capacity: 1_000_000, restorePerSecond: 100_000 },
  'in-flight': 10_000,
  'service-burst': { capacity: 100_000_000, restorePerSecond: 1_000_000 },
}

export interface FleetKey {
  /** UUID. */
  readonly id: string
  readonly secret: string
}

export interface KeyedFleet {
  /** http://127.0.0.1:port of each gateway. */
  readonly origins: readonly string[]
  /** As many keys, each of an account of its own. */
  readonly issueKeys: (count: number) => Promise<readonly FleetKey[]>
}

/** So many gateways, processes of their own that reach one database by this address. */
export async function keyedFleet(
  database: TestDatabase,
  { size, url = database.url }: { readonly size: number; readonly url?: string },
): Promise<KeyedFleet> {
  const data = await temporaryFolder()
  const policies = join(data, 'policies.json')
  const keys = join(data, 'keys.json')
  await createKeyFile(keys)
  await writeFile(policies, JSON.stringify(POLICIES))
  const vault = await openVault(database, keys)
  const env = { DATABASE_URL: url, MAAT_DATA: data, MAAT_POLICIES: policies, MAAT_DEMO: '0' }
  const gateways = await Promise.all(Array.from({ length: size }, () => startGateway(env)))
  return {
    origins: gateways.map(({ origin }) => origin),
    issueKeys: (count) => Promise.all(Array.from({ length: count }, issueOne)),
  }

  async function issueOne(): Promise<FleetKey> {
    const accountId = await insertAccount(database, vault)
    const expiresAt = new Date(Date.now() + 86_400_000)
    return issueKey(
      { database, vault, clock: () => new Date(), random: randomBytes },
      { accountId, level: 4, expiresAt, name: 'test' },
    )
  }
}

/** When a request was sent, when its answer had come (milliseconds of performance.now), and whether it was accepted. */
export interface Probe {
  readonly sentMs: number
  readonly answeredMs: number
  readonly isAccepted: boolean
}

/**
 * Asks the gateway for the account of the key, and again where it has no time for that: an answer that says neither whether the
 * key opens anything nor that it does not. Fails for any answer but the account, or that the key was revoked.
 */
export async function probe(origin: string, key: FleetKey): Promise<Probe> {
  for (;;) {
    const sentMs = performance.now()
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const { status, code } = await askFor(origin, key)
    const answeredMs = performance.now()
    if (status === 200 && code === null) return { sentMs, answeredMs, isAccepted: true }
    if (code === 'KEY_REVOKED') return { sentMs, answeredMs, isAccepted: false }
    if (status !== 503) throw new Error(`Neither accepted nor revoked: ${status} ${code}`)
  }
}

async function askFor(origin: string, { secret }: FleetKey) {
  const { status, body } = await sendRequest(origin, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ me { username } }' }),
  })
  const { errors } = JSON.parse(body)
  return { status, code: errors?.[0]?.extensions?.code ?? null }
}
