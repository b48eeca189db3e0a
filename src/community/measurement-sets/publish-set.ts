import { z } from 'zod'
import type { ActContext, Outcome } from '../../auth/act.ts'
import { idSchema } from '../../auth/id-schema.ts'
import { conflictWith, problem } from '../../auth/problems.ts'
import { record } from '../../auth/record.ts'
import { transactOnce } from '../../auth/transact.ts'
import { versionSchema } from '../input.ts'
import { mergedWithBases } from './merged-set.ts'
import { openSet } from './sealed-set.ts'
import { lockSet } from './writable-set.ts'
import { namesIn } from './shown-in-public.ts'

export const publishSetSchema = z.object({
  input: z.object({ id: idSchema, version: versionSchema.nullish() }),
})

type PublishSet = z.infer<typeof publishSetSchema>

/** Anybody may read the set from now on: name, notes, image and all measurements, inherited ones included, which it names. */
export function publishSet(context: ActContext, asked: PublishSet): Promise<Outcome> {
  return setPublic(context, asked, true)
}

/** Nobody but its owner and staff reads the set from now on. */
export function unpublishSet(context: ActContext, asked: PublishSet): Promise<Outcome> {
  return setPublic(context, asked, false)
}

function setPublic(
  context: ActContext,
  { input }: PublishSet,
  isPublic: boolean,
): Promise<Outcome> {
  const { vault, clock } = context
  return transactOnce(context, async (trx) => {
    const set = await lockSet(trx, context, input.id)
    if (set === null) return problem('NotFound')
    const conflict = conflictWith(set, input.version)
    if (conflict !== null) return conflict
    if (set.public !== isPublic) {
      await trx
        .updateTable('measurement_set')
        .set((eb) => ({
          public: isPublic,
          updated_at: clock(),
          version: eb('version', '+', 1),
        }))
        .where('id', '=', set.id)
        .execute()
      const action = isPublic ? 'publish-measurement-set' : 'unpublish-measurement-set'
      const { account_id: accountId, slug } = set
      await record(trx, context, { accountId, action, subject: `set_${slug}` })
    }
    const content = openSet(vault, set)
    const { measurements: own, notes, image } = content
    const merged = await mergedWithBases(trx, vault, { own, baseId: set.base_set_id })
    const parts = [
      'NAME',
      ...(notes === null ? [] : ['NOTES']),
      ...(image === null ? [] : ['IMAGE']),
    ]
    return {
      type: isPublic ? 'PublishMeasurementSetPayload' : 'UnpublishMeasurementSetPayload',
      rows: { measurementSet: set.id },
      values: {
        parts,
        measurements: namesIn(own),
        inherited: namesIn(merged).filter((name) => own[name] === undefined),
      },
    }
  })
}
