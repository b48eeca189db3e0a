import type { Database } from '../database/connect.ts'
import { refusalOf } from '../database/outage.ts'
import { askStore } from './ask-store.ts'
import { checkClaims, checkId, checkSettlement, checkWanted } from './check-amounts.ts'
import { levelsOf } from './drawn-levels.ts'
import { restoreColumns } from './exchange-statement.ts'
import { Exchange } from './exchange.ts'
import { readDebits } from './read-debits.ts'
import { ALL_FORFEITS, type ForfeitRow, forfeitOf } from './forfeit-rows.ts'
import type { QuotaStore, Tended } from './store.ts'

/** Grants closed, and budgets looked at, by one statement. */
const BATCH = 200

/**
 * Budgets in PostgreSQL. What is reserved and settled at the same time goes in one statement; each statement is one
 * function of the database: migration 0002_quota. Closing the store leaves the database open.
 */
export function createPostgresStore(database: Database): QuotaStore {
  const exchange = new Exchange(database)
  return {
    async reserve(claims, wanted) {
      checkWanted(claims, wanted)
      return exchange.reserve(claims, wanted)
    },
    async settle(id, spent) {
      checkSettlement(id, spent)
      await exchange.settle(id, spent)
    },
    async levels(claims) {
      checkClaims(claims)
      const partitions = claims.map(({ partition }) => partition)
      const subjects = claims.map(({ subject }) => subject)
      const values = [partitions, subjects, ...restoreColumns(claims)]
      const row = await askStore(database, { text: LOOK, values })
      // The columns are those of quota_look.
      const [points, atMs] = row as readonly [readonly number[], number]
      return levelsOf(claims, { points, atMs })
    },
    async tend(gateway) {
      checkId(gateway)
      return tend(database, gateway)
    },
    forfeits: () =>
      orUnavailable(async () => {
        const { rows } = await database.pool.query<ForfeitRow>(ALL_FORFEITS)
        return rows.map(forfeitOf)
      }),
    noteForfeits: (ids) =>
      orUnavailable(async () => {
        await database.pool.query(NOTE, [ids])
      }),
    debits: (partitions) => orUnavailable(() => readDebits(database, partitions)),
    async leave(gateway) {
      checkId(gateway)
      await askStore(database, { text: LEAVE, values: [gateway] })
    },
    async close() {},
  }
}

const LOOK = 'select * from quota_look($1, $2, $3, $4)'
const TEND = 'select * from quota_tend($1, $2)'
const LEAVE =
  'with gone as (delete from gateway where gateway_id = $1 returning 1) select count(*) from gone'

const NOTE = 'delete from quota_forfeited where grant_id = any ($1)'

/** @throws {ApiError} UNAVAILABLE when the database is away */
async function orUnavailable<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask()
  } catch (error) {
    throw refusalOf(error) ?? error
  }
}

async function tend(database: Database, gateway: string): Promise<Tended> {
  let total = 0
  for (;;) {
    // One batch after the other: nobody waits long for the locks of one.
    // oxlint-disable-next-line no-await-in-loop
    const row = await askStore(database, { text: TEND, values: [gateway, BATCH] })
    // The columns are those of quota_tend.
    const [gateways, forfeited] = row as readonly [number, number]
    total += forfeited
    if (forfeited < BATCH) return { gateways, forfeited: total }
  }
}
