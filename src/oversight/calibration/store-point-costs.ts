import type { Kysely } from 'kysely'

import type { DB } from '../../database/tables.generated.ts'
import { type Calibration, RESOURCES } from './calibration.ts'

/** When it was measured, and with how many operations. */
export interface Occasion {
  readonly measuredAt: Date
  readonly operations: number
}

/** From its next count on, the bill goes by this calibration. */
export async function storePointCosts(
  kysely: Kysely<DB>,
  { lines }: Pick<Calibration, 'lines'>,
  { measuredAt, operations }: Occasion,
): Promise<void> {
  const rows = RESOURCES.flatMap((resource) => {
    const line = lines[resource]
    if (line === null) return []
    return {
      measured_at: measuredAt,
      resource,
      per_operation: line.perOperation,
      per_point: line.perPoint,
      error: line.perPointError,
      explained: line.explained,
      operations,
    }
  })
  if (rows.length > 0) await kysely.insertInto('point_cost').values(rows).execute()
}
