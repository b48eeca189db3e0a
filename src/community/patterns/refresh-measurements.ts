import { z } from 'zod'
import type { ActContext, Outcome } from '../../auth/act.ts'
import { idSchema } from '../../auth/id-schema.ts'
import { conflictWith, problem } from '../../auth/problems.ts'
import { record } from '../../auth/record.ts'
import { transactOnce } from '../../auth/transact.ts'
import { formatId } from '../../ids.ts'
import { versionSchema } from '../input.ts'
import { copySet } from './copied-set.ts'
import { openPattern, sealPattern } from './sealed-pattern.ts'
import { withMeasurements } from './settings.ts'
import { findWritablePattern, lockPattern } from './writable-pattern.ts'

export const refreshMeasurementsSchema = z.object({
  input: z.object({ id: idSchema, version: versionSchema }),
})

/** The settings of a pattern hold the present measurements of its set, in place of those that they held. */
export function refreshMeasurements(
  context: ActContext,
  { input }: z.infer<typeof refreshMeasurementsSchema>,
): Promise<Outcome> {
  const { vault, clock } = context
  return transactOnce(context, async (trx) => {
    const named = await findWritablePattern(trx, context, input.id)
    if (named === null) return problem('NotFound')
    // Looked at twice: so that it is the set of this very version that is copied.
    const stale = conflictWith(named, input.version)
    if (stale !== null) return stale
    // The set before the pattern, as whoever deletes a set locks them.
    const { account_id: accountId, measurement_set_id: setId } = named
    const copied = setId === null ? null : await copySet(trx, context, formatId('set', setId))
    const pattern = await lockPattern(trx, context, input.id)
    if (pattern === null) return problem('NotFound')
    const conflict = conflictWith(pattern, input.version)
    if (conflict !== null) return conflict
    if (copied === null) return problem('PatternWithoutSet')
    const known = openPattern(vault, pattern)
    const content = { ...known, settings: withMeasurements(known.settings, copied.measurements) }
    await trx
      .updateTable('pattern')
      .set((eb) => ({
        ...sealPattern(vault, { row: pattern.id, owner: accountId }, content),
        updated_at: clock(),
        version: eb('version', '+', 1),
      }))
      .where('id', '=', pattern.id)
      .execute()
    const subject = `pat_${pattern.slug}`
    await record(trx, context, { accountId, action: 'refresh-pattern-measurements', subject })
    return { type: 'PatternPayload', rows: { pattern: pattern.id } }
  })
}
