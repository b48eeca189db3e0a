import { v7 } from 'uuid'

import { checkClaims, checkId, checkSettlement, checkWanted } from './check-amounts.ts'
import { connectRedis, type RedisClient } from './redis-client.ts'
import { readDebits, readForfeits } from './redis-debits.ts'
import {
  leaseMinOf,
  leaseShareOf,
  type Claim,
  type Level,
  type QuotaStore,
  type Tended,
} from './store.ts'

export interface RedisStoreOptions {
  /** redis://…, rediss://… or the path of a Unix socket. May hold a password: no error ever says it. */
  readonly url: string
}

/**
 * Budgets in one Redis (6.2 or later; never one that evicts keys by itself). Resolves once connected, or half a second
 * later where Redis is away: every call then rejects at once, until Redis is back.
 * @throws {Error} when the address is none
 */
export async function createRedisStore({ url }: RedisStoreOptions): Promise<QuotaStore> {
  const client = connectRedis(url)
  await client.settled()
  return {
    async reserve(claims, wanted) {
      checkWanted(claims, wanted)
      const id = v7()
      const { points, forfeitMs } = wanted
      const [taken = 0, short = 0, waitMs = 0, takenAtUs = 0, ...rest] = await numbers(
        client,
        'quotaReserve',
        {
          keys: [GRANTS, GRANT + id, ...claims.map(keyOf)],
          args: [id, points, leaseMinOf(wanted), forfeitMs, ...claims.flatMap(terms)],
        },
      )
      const levels = readLevels(claims, rest)
      const claim = claims[short - 1]
      if (claim === undefined) return { kind: 'granted', id, points: taken, levels, takenAtUs }
      return { kind: 'refused', partition: claim.partition, waitMs, levels }
    },
    async settle(id, spent) {
      checkSettlement(id, spent)
      await client.run('quotaSettle', [GRANTS, GRANT + id], [id, spent])
    },
    async levels(claims) {
      checkClaims(claims)
      const call = { keys: claims.map(keyOf), args: claims.flatMap(terms) }
      return readLevels(claims, await numbers(client, 'quotaLevels', call))
    },
    async tend(gateway) {
      checkId(gateway)
      return tend(client, gateway)
    },
    async forfeits() {
      return readForfeits(await client.run('quotaForfeits', [FORFEITED], []))
    },
    async noteForfeits(ids) {
      if (ids.length > 0) await client.run('quotaNoteForfeits', [FORFEITED], ids)
    },
    async debits(partitions) {
      const keys = [GRANTS, FORFEITED, GRANT]
      return readDebits(await client.run('quotaDebits', keys, [BUDGET, ...partitions]))
    },
    async leave(gateway) {
      checkId(gateway)
      await client.run('quotaLeave', [GATEWAYS], [gateway])
    },
    close: () => client.close(),
  }
}

const GRANTS = '{maat}:grants'
const GRANT = '{maat}:grant:'
const FORFEITED = '{maat}:forfeited'
const BUDGET = '{maat}:budget:'
const GATEWAYS = '{maat}:gateways'

/** Grants closed by one call. */
const BATCH = 200

function keyOf({ partition, subject }: Claim): string {
  return `${BUDGET}${partition}:${subject}`
}

/** Capacity, restored a second (empty for a window), window (empty for a bucket), share of a lease. */
function terms(claim: Claim): readonly unknown[] {
  const { budget } = claim
  const share = leaseShareOf(claim)
  if (budget.kind === 'bucket') return [budget.capacity, budget.restorePerSecond, '', share]
  return [budget.capacity, '', budget.window, share]
}

function readLevels(claims: readonly Claim[], pairs: readonly number[]): readonly Level[] {
  return claims.map(({ partition }, place) => ({
    partition,
    remaining: pairs[2 * place] ?? 0,
    resetMs: pairs[2 * place + 1] ?? 0,
  }))
}

async function tend(client: RedisClient, gateway: string): Promise<Tended> {
  let total = 0
  for (;;) {
    const call = { keys: [GRANTS, GATEWAYS, FORFEITED], args: [gateway, BATCH, GRANT] }
    // One batch after the other: nobody waits long for one.
    // oxlint-disable-next-line no-await-in-loop
    const [gateways = 0, forfeited = 0] = await numbers(client, 'quotaTend', call)
    total += forfeited
    if (forfeited < BATCH) return { gateways, forfeited: total }
  }
}

interface Call {
  readonly keys: readonly string[]
  readonly args: readonly unknown[]
}

async function numbers(
  client: RedisClient,
  script: Parameters<RedisClient['run']>[0],
  { keys, args }: Call,
): Promise<readonly number[]> {
  const answer = await client.run(script, keys, args)
  if (!Array.isArray(answer)) throw new Error(`${script} answered no list.`)
  return answer.map(Number)
}
