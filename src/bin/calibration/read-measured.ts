import { type Kysely, sql } from 'kysely'

import type { DB } from '../../database/tables.generated.ts'
import type { MeasuredDocument } from '../../oversight/calibration/calibration.ts'
import { median } from '../../oversight/calibration/median.ts'
import { BATCH, type Ran } from './run-documents.ts'

/**
 * What the operations took that ran: of each document the median of its rounds. Read from the ledger of a database that this
 * gateway had for itself, after its end.
 */
export async function readMeasured(
  kysely: Kysely<DB>,
  ran: readonly Ran[],
): Promise<readonly MeasuredDocument[]> {
  // One gateway asked one thing at a time: its lines are in order. The first batch of each document warmed it up.
  const { rows } = await sql<BatchRow>`
    with lines as (
      select *, (row_number() over (partition by operation order by segment, place) - 1) / ${BATCH}::int as round
      from usage_record where operation <> 'FindNamed'
    )
    select operation, round::int, avg(points)::float8 as points, avg(database_us)::float8 as database_us,
      avg(bytes)::float8 as bytes, count(*)::int as operations, bool_and(outcome = 'OK') as is_ok
    from lines where round > 0 group by 1, 2`.execute(kysely)
  return ran.map(({ name, counts, cpuUs }) => {
    const batches = rows.filter(({ operation }) => operation === name)
    const isWhole = batches.every(({ operations, is_ok: isOk }) => operations === BATCH && isOk)
    if (batches.length !== cpuUs.length || !isWhole) {
      throw new Error(`The ledger does not have what ${name} took.`)
    }
    return {
      name,
      points: median(batches.map(({ points }) => points)),
      taken: {
        database_us: median(batches.map(({ database_us: us }) => us)),
        cpu_us: median(cpuUs),
        bytes: median(batches.map(({ bytes }) => bytes)),
      },
      counts,
    }
  })
}

interface BatchRow {
  readonly operation: string
  readonly round: number
  readonly points: number
  readonly database_us: number
  readonly bytes: number
  readonly operations: number
  readonly is_ok: boolean
}
