import { sql, type Transaction } from 'kysely'
import type { DB } from '../../database/tables.generated.ts'
import {
  MEASUREMENT_NAMES,
  type MeasurementName,
  type Measurements,
} from '../../measurements/definitions.ts'
import { BASE_DEPTH } from './base-sets.ts'

export const SHOWN_IN_PUBLIC = {
  code: 'SHOWN_IN_PUBLIC',
  message: 'From now on everybody may read these: the set is public, or one that is based on it.',
} as const

interface Change {
  readonly setId: string
  /** The values that held for the set, and those that hold for it now. */
  readonly before: Measurements
  readonly after: Measurements
}

/** Names the values that a change of a set has shown to everybody, if there are any. */
export async function shownInPublic(trx: Transaction<DB>, { setId, before, after }: Change) {
  const measurements = namesIn(after).filter((name) => before[name] === undefined)
  if (measurements.length === 0 || !(await isShown(trx, setId))) return []
  return [{ ...SHOWN_IN_PUBLIC, measurements }]
}

/** The measurements that there are, in the order of all. */
export function namesIn(measurements: Measurements): readonly MeasurementName[] {
  return MEASUREMENT_NAMES.filter((name) => measurements[name] !== undefined)
}

/** Whether the set is public, or one that is based on it. */
async function isShown(trx: Transaction<DB>, setId: string): Promise<boolean> {
  const { rows } = await sql<{ shown: boolean }>`
    with recursive below as (
      select id, public, 0 as depth from measurement_set where id = ${setId}
      union all
      select b.id, b.public, depth + 1 from measurement_set b join below on b.base_set_id = below.id where depth < ${BASE_DEPTH}
    ) select bool_or(public) as shown from below`.execute(trx)
  return rows[0]?.shown === true
}
