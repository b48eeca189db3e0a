import { v7 } from 'uuid'

import type { Database } from '../database/connect.ts'
import { runStatement, type Statement } from '../database/run-statement.ts'
import { ApiError, apiError } from '../errors.ts'
import { checkClaims, checkId, checkSettlement, checkWanted } from './check-amounts.ts'
import {
  LEASE,
  type Claim,
  type Grant,
  type Level,
  type QuotaStore,
  type Refusal,
  type Tended,
  type Wanted,
} from './store.ts'

/** Grants closed, and budgets looked at, by one statement. */
const BATCH = 200

/**
 * Budgets in PostgreSQL. Each call is one statement, and one function of the database: migration 0002_quota.
 * Closing the store leaves the database open.
 */
export function createPostgresStore(database: Database): QuotaStore {
  return {
    async reserve(claims, wanted) {
      checkWanted(claims, wanted)
      const id = v7()
      const row = await call(database, reserveStatement(claims, wanted, id))
      return readReservation(claims, id, row)
    },
    async settle(id, spent) {
      checkSettlement(id, spent)
      await call(database, { text: SETTLE, values: [id, spent] })
    },
    async levels(claims) {
      checkClaims(claims)
      const row = await call(database, { text: LEVELS, values: budgetColumns(claims) })
      // The columns are those of quota_levels.
      return readLevels(claims, row as Levels)
    },
    async tend(gateway) {
      checkId(gateway)
      return tend(database, gateway)
    },
    async leave(gateway) {
      checkId(gateway)
      await call(database, { text: LEAVE, values: [gateway] })
    },
    async close() {},
  }
}

const RESERVE = 'select * from quota_reserve($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)'
const SETTLE = 'select quota_settle($1, $2)'
const LEVELS = 'select * from quota_levels($1, $2, $3, $4, $5)'
const TEND = 'select * from quota_tend($1, $2)'
const LEAVE =
  'with gone as (delete from gateway where gateway_id = $1 returning 1) select count(*) from gone'

type Levels = readonly [remaining: readonly number[], resetMs: readonly number[]]
type Reserved = readonly [taken: number, short: string | null, waitMs: number, ...Levels]

function reserveStatement(claims: readonly Claim[], wanted: Wanted, id: string): Statement {
  const { points, lease, forfeitMs } = wanted
  const share = lease === 'allowed' ? LEASE.share : 0
  const leaseMin = points * LEASE.timesMin
  return {
    text: RESERVE,
    values: [id, points, share, leaseMin, forfeitMs, ...budgetColumns(claims)],
  }
}

function budgetColumns(claims: readonly Claim[]): readonly unknown[] {
  return [
    claims.map(({ partition }) => partition),
    claims.map(({ subject }) => subject),
    claims.map(({ budget }) => budget.capacity),
    claims.map(({ budget }) => (budget.kind === 'bucket' ? budget.restorePerSecond : null)),
    claims.map(({ budget }) => (budget.kind === 'window' ? budget.window : null)),
  ]
}

function readReservation(
  claims: readonly Claim[],
  id: string,
  row: readonly unknown[],
): Grant | Refusal {
  // The columns are those of quota_reserve.
  const [taken, short, waitMs, ...columns] = row as Reserved
  const levels = readLevels(claims, columns)
  if (short === null) return { kind: 'granted', id, points: taken, levels }
  const claim = claims.find(({ partition }) => partition === short)
  if (claim === undefined) throw new Error(`The database names ${short}, which was not claimed.`)
  return { kind: 'refused', partition: claim.partition, waitMs, levels }
}

function readLevels(claims: readonly Claim[], [remaining, resetMs]: Levels): readonly Level[] {
  return claims.map(({ partition }, place) => ({
    partition,
    remaining: remaining[place] ?? 0,
    resetMs: resetMs[place] ?? 0,
  }))
}

async function tend(database: Database, gateway: string): Promise<Tended> {
  let total = 0
  for (;;) {
    // One batch after the other: nobody waits long for the locks of one.
    // oxlint-disable-next-line no-await-in-loop
    const row = await call(database, { text: TEND, values: [gateway, BATCH] })
    // The columns are those of quota_tend.
    const [gateways, forfeited] = row as readonly [number, number]
    total += forfeited
    if (forfeited < BATCH) return { gateways, forfeited: total }
  }
}

async function call(database: Database, statement: Statement): Promise<readonly unknown[]> {
  try {
    return await runStatement(database, statement)
  } catch (error) {
    // It is no client's operation that took the database too long.
    const isLate = error instanceof ApiError && error.code === 'DB_TIME_EXCEEDED'
    throw isLate ? apiError('UNAVAILABLE', { cause: error }) : error
  }
}
