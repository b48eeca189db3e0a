import { expect, test } from 'vitest'

import {
  type FleetKey,
  type KeyedFleet,
  keyedFleet,
  type Probe,
  probe,
} from '../support/keyed-fleet.ts'
import { proxyTo } from '../support/silencing-proxy.ts'
import { testDatabase, type TestDatabase } from '../support/test-database.ts'

const GATEWAYS = 3
const REVOKED = 100
/** Clients of each gateway that ask while keys are revoked. */
const CLIENTS = 4

/** Resolves once it is known to be committed, with when that was. */
async function revoke({ pool }: TestDatabase, keys: readonly FleetKey[]): Promise<number> {
  await pool.query(
    `update api_key set revoked_at = now(), revocation_reason = 'owner' where id = any ($1)`,
    [keys.map(({ id }) => id)],
  )
  return performance.now()
}

/** As many clients of every gateway, each asking with one of the keys after the other, until they are stopped. */
function underLoad(
  { origins }: KeyedFleet,
  keys: readonly FleetKey[],
  onProbe: (origin: string, key: FleetKey, seen: Probe) => void,
) {
  const over = new AbortController()
  const client = async (origin: string, from: number): Promise<void> => {
    for (let n = from; !over.signal.aborted; n += 1) {
      const key = keys[n % keys.length]
      if (key === undefined) throw new Error('There are no keys.')
      // oxlint-disable-next-line no-await-in-loop -- a client waits for its answer
      onProbe(origin, key, await probe(origin, key))
    }
  }
  const each = Math.ceil(keys.length / CLIENTS)
  const clients = origins.flatMap((origin) =>
    Array.from({ length: CLIENTS }, (_, n) => client(origin, n * each)),
  )
  const ended = Promise.all(clients)
  return {
    /** Rejects where a client met anything but an account or a revocation. */
    ended,
    stop: () => {
      over.abort()
      return ended
    },
  }
}

/** Asks one gateway until the key was refused, and twice more; calls back as soon as the gateway knows the key. */
async function watch(
  origin: string,
  key: FleetKey,
  onKnown: () => void,
): Promise<readonly Probe[]> {
  const seen: Probe[] = []
  for (let refusals = 0; refusals < 3;) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const one = await probe(origin, key)
    seen.push(one)
    if (seen.length === 2) onKnown()
    if (!one.isAccepted) refusals += 1
  }
  return seen
}

test(`${REVOKED} keys revoked under load are refused by every gateway within a second, and never accepted later`, async () => {
  const database = await testDatabase()
  const fleet = await keyedFleet(database, { size: GATEWAYS })
  const keys = await fleet.issueKeys(REVOKED)
  let requests = 0
  const load = underLoad(fleet, await fleet.issueKeys(12), () => (requests += 1))
  const waits: number[] = []
  for (const key of keys) {
    const known = fleet.origins.map(() => Promise.withResolvers<void>())
    const watched = Promise.all(
      fleet.origins.map((origin, n) => watch(origin, key, () => known[n]?.resolve())),
    )
    // oxlint-disable-next-line no-await-in-loop -- one key after the other
    await Promise.race([Promise.all(known.map(({ promise }) => promise)), load.ended, watched])
    // Before it is sent: the wait for the commit counts as well.
    const fromMs = performance.now()
    // oxlint-disable-next-line no-await-in-loop
    await revoke(database, [key])
    // oxlint-disable-next-line no-await-in-loop
    for (const seen of await watched) {
      const first = seen.findIndex(({ isAccepted }) => !isAccepted)
      waits.push((seen[first]?.answeredMs ?? Infinity) - fromMs)
      expect(seen.slice(first).map(({ isAccepted }) => isAccepted)).toEqual([false, false, false])
    }
  }
  await load.stop()
  const again = await Promise.all(
    fleet.origins.flatMap((origin) => keys.map((key) => probe(origin, key))),
  )
  expect(again.filter(({ isAccepted }) => isAccepted)).toEqual([])
  tell('Until a revoked key was refused', waits, `${requests} other requests meanwhile`)
  expect(waits).toHaveLength(REVOKED * GATEWAYS)
  expect(percentile(waits, 0.99)).toBeLessThanOrEqual(1_000)
}, 120_000)

test('where the connections that listen fall silent, a revoked key is accepted for 5 seconds at most', async () => {
  const database = await testDatabase()
  const proxy = await proxyTo(database.url)
  const fleet = await keyedFleet(database, { size: GATEWAYS, url: proxy.url })
  const keys = await fleet.issueKeys(REVOKED)
  const known = new Places()
  let committedMs = Infinity
  const lastAccepted = new Map<string, number>()
  const refused = new Places()
  const acceptedAgain: string[] = []
  const load = underLoad(fleet, keys, (origin, key, { sentMs, answeredMs, isAccepted }) => {
    const place = `${origin} ${key.id}`
    if (isAccepted) known.add(place, answeredMs)
    if (!isAccepted) return refused.add(place, answeredMs)
    if (sentMs <= committedMs) return
    lastAccepted.set(place, Math.max(sentMs - committedMs, lastAccepted.get(place) ?? 0))
    if (sentMs > (refused.at(place) ?? Infinity)) acceptedAgain.push(place)
  })
  await Promise.race([known.all, load.ended])
  expect(proxy.silence()).toBe(GATEWAYS)
  committedMs = await revoke(database, keys)
  await Promise.race([refused.all, load.ended])
  await load.stop()
  const waits = [...lastAccepted.values()]
  tell('Until a revoked key was last accepted, with listeners silent', waits, '')
  expect(acceptedAgain).toEqual([])
  // Or nobody had been kept from hearing of it.
  expect(Math.max(...waits)).toBeGreaterThan(1_000)
  // A millisecond of the gateway's clock, and one or two between the commit and its being known here.
  expect(Math.max(...waits)).toBeLessThanOrEqual(5_005)
}, 120_000)

/** Keys at gateways, and when something was first so there. */
class Places {
  readonly #since = new Map<string, number>()
  readonly #all = Promise.withResolvers<void>()

  /** Resolves once it is so for every key at every gateway. */
  get all(): Promise<void> {
    return this.#all.promise
  }

  add(place: string, atMs: number): void {
    if (this.#since.has(place)) return
    this.#since.set(place, atMs)
    if (this.#since.size === REVOKED * GATEWAYS) this.#all.resolve()
  }

  at(place: string): number | undefined {
    return this.#since.get(place)
  }
}

function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.ceil(sorted.length * part) - 1] ?? Number.NaN
}

function tell(what: string, waits: readonly number[], note: string): void {
  const [p50, p99, max] = [0.5, 0.99, 1].map((part) => `${Math.round(percentile(waits, part))} ms`)
  process.stdout.write(
    `${what}: p50 ${p50}, p99 ${p99}, at most ${max}, of ${waits.length}. ${note}\n`,
  )
}
