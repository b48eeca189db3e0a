import { type RawBuilder, sql } from 'kysely'
import type { Measure } from './oversight-policy.ts'

/** SQL for what a measure adds up, of an alias of the roll-up by hour; and the same of records. */
export const MEASURE_SQL = {
  points: both('points'),
  operations: both('operations'),
  refusals: {
    ofHour: sql`refusals`,
    ofRecord: sql`case when outcome = 'OK' then 0 else operations end`,
  },
  databaseMs: { ofHour: sql`database_us / 1000.0`, ofRecord: sql`database_us / 1000.0` },
  bytes: both('bytes'),
} as const satisfies Record<Measure, MeasureSql>

export interface MeasureSql {
  readonly ofHour: RawBuilder<unknown>
  readonly ofRecord: RawBuilder<unknown>
}

function both(column: string): MeasureSql {
  return { ofHour: sql.ref(column), ofRecord: sql.ref(column) }
}
