import { z } from 'zod'
import type { ActContext, Outcome } from '../../auth/act.ts'
import { idSchema } from '../../auth/id-schema.ts'
import { conflictWith, problem } from '../../auth/problems.ts'
import { transactOnce } from '../../auth/transact.ts'
import { warningsFor } from '../../measurements/plausibility.ts'
import { given } from '../given.ts'
import { nameSchema, versionSchema } from '../input.ts'
import {
  storedChanges,
  WHATEVER_ELSE,
  withChanges,
} from '../measurement-sets/measurements-input.ts'
import { curatedColumns, curatedContent } from './curated-content.ts'
import { checkLengths, CURATED_MEMBERS, heightMmOf } from './curated-input.ts'
import { lockCuratedSet, recordCurated } from './lock-curated-set.ts'
import { textsSchema, withTexts } from './texts.ts'

const changedNames = textsSchema(nameSchema.nullish()).refine(
  ({ en }) => en !== null,
  'The name in English stays: it is what is shown where another language has none.',
)

export const updateCuratedSetSchema = z.object({
  input: z
    .object({
      ...CURATED_MEMBERS,
      id: idSchema,
      version: versionSchema,
      names: changedNames.optional(),
    })
    .superRefine(checkLengths, WHATEVER_ELSE),
})

/**
 * Changes a curated set, published or not: what is not given stays, what is null goes. Names and notes are merged by
 * language, measurements by name; tags are replaced as a whole.
 */
export function updateCuratedSet(
  context: ActContext,
  { input }: z.infer<typeof updateCuratedSetSchema>,
): Promise<Outcome> {
  return transactOnce(context, async (trx) => {
    const set = await lockCuratedSet(trx, input.id)
    if (set === null) return problem('NotFound')
    const conflict = conflictWith(set, input.version)
    if (conflict !== null) return conflict
    const known = curatedContent(set)
    const measurements = withChanges(known.measurements, storedChanges(input))
    const content = {
      names: withTexts(known.names, input.names ?? {}),
      notes: input.notes === null ? {} : withTexts(known.notes, input.notes ?? {}),
      heightMm: given(heightMmOf(input), known.heightMm),
      image: given(input.image, known.image),
      tags: given<readonly string[] | null>(input.tags, known.tags) ?? [],
      measurements,
    }
    await trx
      .updateTable('curated_set')
      .set((eb) => ({
        ...curatedColumns(content),
        updated_at: context.clock(),
        version: eb('version', '+', 1),
      }))
      .where('id', '=', set.id)
      .execute()
    await recordCurated(trx, context, { set, action: 'update-curated-set' })
    return {
      type: 'CuratedSetPayload',
      rows: { curatedSet: set.id },
      values: { warnings: warningsFor(measurements, { scale: input.scale }) },
    }
  })
}
