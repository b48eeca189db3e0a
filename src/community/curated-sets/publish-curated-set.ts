import { z } from 'zod'
import type { ActContext, Outcome } from '../../auth/act.ts'
import { idSchema } from '../../auth/id-schema.ts'
import { conflictWith, problem } from '../../auth/problems.ts'
import { transactOnce } from '../../auth/transact.ts'
import { versionSchema } from '../input.ts'
import { lockCuratedSet, recordCurated } from './lock-curated-set.ts'

export const publishCuratedSetSchema = z.object({
  input: z.object({ id: idSchema, version: versionSchema.nullish() }),
})

type PublishCuratedSet = z.infer<typeof publishCuratedSetSchema>

/** Everybody reads the set from now on: a draft, or one that was retired. */
export function publishCuratedSet(context: ActContext, asked: PublishCuratedSet): Promise<Outcome> {
  return setPublication(context, asked, 'published')
}

/** Nobody but curators reads the set from now on. A draft, which nobody else ever read, stays one. */
export function retireCuratedSet(context: ActContext, asked: PublishCuratedSet): Promise<Outcome> {
  return setPublication(context, asked, 'retired')
}

const WAYS = {
  published: { action: 'publish-curated-set', type: 'PublishCuratedSetPayload' },
  retired: { action: 'retire-curated-set', type: 'RetireCuratedSetPayload' },
} as const

function setPublication(
  context: ActContext,
  { input }: PublishCuratedSet,
  publication: keyof typeof WAYS,
): Promise<Outcome> {
  const { action, type } = WAYS[publication]
  return transactOnce(context, async (trx) => {
    const set = await lockCuratedSet(trx, input.id)
    if (set === null) return problem('NotFound')
    const conflict = conflictWith(set, input.version)
    if (conflict !== null) return conflict
    if (publication === 'retired' && set.publication === 'draft') return problem('NotPublished')
    if (set.publication !== publication) {
      await trx
        .updateTable('curated_set')
        .set((eb) => ({
          publication,
          updated_at: context.clock(),
          version: eb('version', '+', 1),
        }))
        .where('id', '=', set.id)
        .execute()
      await recordCurated(trx, context, { set, action })
    }
    return { type, rows: { curatedSet: set.id } }
  })
}
