import type { Logger } from 'pino'

import type { Database } from '../database/connect.ts'
import { ApiError } from '../errors.ts'
import { createLeasedQuota, type LeasedQuota } from './leased-quota.ts'
import { createPostgresStore } from './postgres-store.ts'
import type { Quota } from './quota.ts'
import { createRedisStore } from './redis-store.ts'
import type { QuotaStore } from './store.ts'

export interface QuotaOptions {
  readonly database: Database
  /** UUID of this process. */
  readonly gateway: string
  /** Where the budgets are kept; null: in the database. May hold a password: never printed. */
  readonly redisUrl: string | null
  readonly log: Pick<Logger, 'warn' | 'error'>
  /** Milliseconds of a clock that never jumps. */
  readonly monotonic: () => number
}

const TEND_MS = 1_000

/** The budgets, and where they are kept. */
export interface OpenQuota extends Quota, Pick<LeasedQuota, 'state'> {
  readonly store: QuotaStore
}

/**
 * The budgets that all gateways share, drawn on by this one, and tended every second. While Redis is away, operations run
 * on an allowance; while PostgreSQL is, the data is away too, and they are refused.
 */
export async function openQuota(options: QuotaOptions): Promise<OpenQuota> {
  const { gateway, redisUrl, log, monotonic } = options
  const store = await openStore(options)
  const meanwhile =
    redisUrl === null ? 'Operations are refused.' : 'Emergency allowances are in force.'
  const quota = createLeasedQuota({
    store,
    gateway,
    monotonic,
    whenAway: redisUrl === null ? 'refuse' : 'allowance',
    onAway: (cause) =>
      log.warn({ cause: causeOf(cause) }, `The store of the budgets is away. ${meanwhile}`),
    onBack: () => log.warn('The store of the budgets is back.'),
    onDefect: (error) => log.error({ cause: causeOf(error) }, 'The store of the budgets failed.'),
  })
  let tended = quota.tend()
  await tended
  const tending = setInterval(() => {
    tended = quota.tend()
  }, TEND_MS).unref()
  return {
    store,
    state: () => quota.state(),
    reserve: (claims, points) => quota.reserve(claims, points),
    giveBack: (reservation, spent) => quota.giveBack(reservation, spent),
    settle: (reservation, spent) => quota.settle(reservation, spent),
    known: (claims) => quota.known(claims),
    look: (claims) => quota.look(claims),
    release: (subject) => quota.release(subject),
    get gateways() {
      return quota.gateways
    },
    async close() {
      clearInterval(tending)
      // Or it would count this gateway among the living again.
      await tended
      await quota.close()
      await store.close()
    },
  }
}

/** Where budgets are kept. */
export async function openStore({
  database,
  redisUrl,
}: Pick<QuotaOptions, 'database' | 'redisUrl'>): Promise<QuotaStore> {
  return redisUrl === null ? createPostgresStore(database) : createRedisStore({ url: redisUrl })
}

/** What the log may hold of an error: kind and code. Its message may quote an address, or whose budgets they are. */
function causeOf(error: unknown): object {
  if (error instanceof ApiError && error.originalError !== undefined)
    return causeOf(error.originalError)
  if (!(error instanceof Error)) return { name: typeof error }
  return { name: error.name, ...('code' in error ? { code: String(error.code) } : {}) }
}
