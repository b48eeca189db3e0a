import { z } from 'zod'
import type { ActContext, Asked, Outcome } from '../../auth/act.ts'
import { idSchema } from '../../auth/id-schema.ts'
import { conflictWith, problem } from '../../auth/problems.ts'
import { record } from '../../auth/record.ts'
import { transactOnce } from '../../auth/transact.ts'
import { warningsFor } from '../../measurements/plausibility.ts'
import { given } from '../given.ts'
import { nameSchema, versionSchema } from '../input.ts'
import { assertBasing, baseSchema, lockBasing } from './base-sets.ts'
import {
  checkMeasurements,
  storedChanges,
  WHATEVER_ELSE,
  withChanges,
} from './measurements-input.ts'
import { mergedWithBases } from './merged-set.ts'
import { openSet, sealSet } from './sealed-set.ts'
import { SET_MEMBERS } from './set-input.ts'
import { shownInPublic } from './shown-in-public.ts'
import { findWritableSet, lockSet } from './writable-set.ts'

/** What may change of the set that the input names. */
export async function updateSetSchema(context: ActContext, asked: Asked) {
  const { id, baseSet: baseId } = NAMED.parse(asked).input
  const { kysely } = context.database
  const set = baseId == null ? null : await findWritableSet(kysely, context, id)
  const basing = { accountId: set?.account_id ?? null, setId: set?.id ?? null, baseId }
  const members = z.object({
    ...SET_MEMBERS,
    id: idSchema,
    version: versionSchema,
    name: nameSchema.optional(),
    baseSet: await baseSchema(kysely, basing),
  })
  return z.object({ input: members.superRefine(checkMeasurements, WHATEVER_ELSE) })
}

const NAMED = z.object({ input: z.object({ id: idSchema, baseSet: idSchema.optional() }) })

/** Changes a set: what is not given stays, what is null goes, and measurements are merged. */
export function updateSet(
  context: ActContext,
  { input }: z.infer<Awaited<ReturnType<typeof updateSetSchema>>>,
): Promise<Outcome> {
  const { vault, clock } = context
  return transactOnce(context, async (trx) => {
    const named = await findWritableSet(trx, context, input.id)
    if (named === null) return problem('NotFound')
    const { account_id: accountId } = named
    // Before the set itself: so that two who change bases wait for each other in the same order.
    if (input.baseSet != null) await lockBasing(trx, accountId)
    const set = await lockSet(trx, context, input.id)
    if (set === null) return problem('NotFound')
    const conflict = conflictWith(set, input.version)
    if (conflict !== null) return conflict
    if (input.baseSet != null) {
      await assertBasing(trx, { accountId, setId: set.id, baseId: input.baseSet })
    }
    const known = openSet(vault, set)
    const content = {
      name: input.name ?? known.name,
      notes: given(input.notes, known.notes),
      image: given(input.image, known.image),
      measurements: withChanges(known.measurements, storedChanges(input)),
    }
    const baseId = given(input.baseSet, set.base_set_id)
    const before = await mergedWithBases(trx, vault, {
      own: known.measurements,
      baseId: set.base_set_id,
    })
    await trx
      .updateTable('measurement_set')
      .set((eb) => ({
        ...sealSet(vault, { row: set.id, owner: accountId }, content),
        base_set_id: baseId,
        units: input.units ?? set.units,
        updated_at: clock(),
        version: eb('version', '+', 1),
      }))
      .where('id', '=', set.id)
      .execute()
    const subject = `set_${set.slug}`
    await record(trx, context, { accountId, action: 'update-measurement-set', subject })
    const merged = await mergedWithBases(trx, vault, { own: content.measurements, baseId })
    return {
      type: 'MeasurementSetPayload',
      rows: { measurementSet: set.id },
      values: {
        warnings: [
          ...(await shownInPublic(trx, { setId: set.id, before, after: merged })),
          ...warningsFor(merged, { scale: input.scale }),
        ],
      },
    }
  })
}
