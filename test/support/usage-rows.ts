import type { Insertable } from 'kysely'
import { v7 } from 'uuid'

import type { UsageHour, UsageRecord } from '../../src/database/tables.generated.ts'
import type { TestDatabase } from './test-database.ts'

const NOTHING = {
  operation: '',
  operations: 0,
  refusals: 0,
  estimated: 0,
  points: 0,
  debited: 0,
  rows: 0,
  database_us: 0,
  bytes: 0,
  duration_us: 0,
}

type Hour = Partial<Insertable<UsageHour>> & { readonly account_id: string; readonly hour: Date }

/** Rolled-up use of whole hours. */
export async function insertHours(database: TestDatabase, hours: readonly Hour[]): Promise<void> {
  await makeMonths(
    database,
    'usage_hour',
    hours.map(({ hour }) => hour),
  )
  await database.kysely
    .insertInto('usage_hour')
    .values(hours.map((given) => ({ ...NOTHING, ...given })))
    .execute()
}

type Line = Partial<Insertable<UsageRecord>> & {
  readonly account_id: string | null
  readonly recorded_at: Date
}

/** Records of one gateway, in no roll-up yet. */
export async function insertRecords(database: TestDatabase, lines: readonly Line[]): Promise<void> {
  await makeMonths(
    database,
    'usage_record',
    lines.map(({ recorded_at: at }) => at),
  )
  const whence = { gateway_id: v7(), segment: 1 }
  const { refusals: _refusals, debited: _debited, ...nothing } = NOTHING
  const times = lines.map(({ recorded_at: at }) => at.getTime())
  await database.kysely
    .insertInto('usage_batch')
    .values({
      ...whence,
      place: 0,
      place_end: lines.length,
      first_at: new Date(Math.min(...times)),
      last_at: new Date(Math.max(...times)),
    })
    .execute()
  await database.kysely
    .insertInto('usage_record')
    .values(
      lines.map((line, place) => ({
        ...nothing,
        ...whence,
        place,
        request_id: `r-${place}`,
        outcome: 'OK',
        ...line,
        operations: line.operations ?? 1,
      })),
    )
    .execute()
}

async function makeMonths(
  { pool }: TestDatabase,
  table: string,
  moments: readonly Date[],
): Promise<void> {
  const months = new Set(moments.map((at) => `${at.toISOString().slice(0, 7)}-01T00:00:00Z`))
  for (const month of months) {
    // oxlint-disable-next-line no-await-in-loop
    await pool.query('select ledger_month($1, $2)', [table, month])
  }
}
