import { z } from 'zod'
import type { ActContext, Asked, Outcome } from '../../auth/act.ts'
import { idSchema } from '../../auth/id-schema.ts'
import { conflictWith, problem } from '../../auth/problems.ts'
import { record } from '../../auth/record.ts'
import { transactOnce } from '../../auth/transact.ts'
import { given } from '../given.ts'
import { nameSchema, versionSchema } from '../input.ts'
import { copiedSetSchema, copyNamedSet, setToName } from './copied-set.ts'
import { PATTERN_MEMBERS } from './pattern-input.ts'
import { openPattern, sealPattern } from './sealed-pattern.ts'
import { withMeasurements } from './settings.ts'
import { findWritablePattern, lockPattern } from './writable-pattern.ts'

/** What may change of a pattern; its design stays. */
export async function updatePatternSchema(context: ActContext, asked: Asked) {
  const members = z.object({
    ...PATTERN_MEMBERS,
    id: idSchema,
    version: versionSchema,
    name: nameSchema.optional(),
    measurementSet: await copiedSetSchema(context, asked),
  })
  return z.object({ input: members })
}

/**
 * Changes a pattern: what is not given stays, what is null goes, settings and data are replaced as a whole. A set that is given
 * is copied from as when a pattern is made; without one the measurements stay and no set is named.
 */
export function updatePattern(
  context: ActContext,
  { input }: z.infer<Awaited<ReturnType<typeof updatePatternSchema>>>,
): Promise<Outcome> {
  const { vault, clock } = context
  return transactOnce(context, async (trx) => {
    const named = await findWritablePattern(trx, context, input.id)
    if (named === null) return problem('NotFound')
    const { account_id: accountId } = named
    // The set before the pattern, as whoever deletes a set locks them.
    const copied = await copyNamedSet(trx, context, input.measurementSet)
    const pattern = await lockPattern(trx, context, input.id)
    if (pattern === null) return problem('NotFound')
    const conflict = conflictWith(pattern, input.version)
    if (conflict !== null) return conflict
    const known = openPattern(vault, pattern)
    const settings = given(input.settings, known.settings)
    const takesCopy = copied !== null && input.settings?.['measurements'] === undefined
    const content = {
      name: input.name ?? known.name,
      notes: given(input.notes, known.notes),
      image: given(input.image, known.image),
      settings: takesCopy ? withMeasurements(settings, copied.measurements) : settings,
      data: given(input.data, known.data),
    }
    await trx
      .updateTable('pattern')
      .set((eb) => ({
        ...sealPattern(vault, { row: pattern.id, owner: accountId }, content),
        ...(input.measurementSet !== undefined && {
          measurement_set_id: setToName(copied, accountId),
        }),
        updated_at: clock(),
        version: eb('version', '+', 1),
      }))
      .where('id', '=', pattern.id)
      .execute()
    const subject = `pat_${pattern.slug}`
    await record(trx, context, { accountId, action: 'update-pattern', subject })
    return { type: 'PatternPayload', rows: { pattern: pattern.id } }
  })
}
