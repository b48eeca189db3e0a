import { z } from 'zod'
import type { ActContext, Outcome } from '../../auth/act.ts'
import { idSchema } from '../../auth/id-schema.ts'
import { conflictWith, problem } from '../../auth/problems.ts'
import { record } from '../../auth/record.ts'
import { transactOnce } from '../../auth/transact.ts'
import { versionSchema } from '../input.ts'
import { openPattern, type PatternContent } from './sealed-pattern.ts'
import { measurementsIn } from './settings.ts'
import { lockPattern } from './writable-pattern.ts'

export const publishPatternSchema = z.object({
  input: z.object({ id: idSchema, version: versionSchema.nullish() }),
})

type PublishPattern = z.infer<typeof publishPatternSchema>

/** Anybody may read the pattern from now on: name, notes, image, settings with their measurements, and data, which it names. */
export function publishPattern(context: ActContext, asked: PublishPattern): Promise<Outcome> {
  return setPublic(context, asked, true)
}

/** Nobody but its owner and staff reads the pattern from now on. */
export function unpublishPattern(context: ActContext, asked: PublishPattern): Promise<Outcome> {
  return setPublic(context, asked, false)
}

function setPublic(
  context: ActContext,
  { input }: PublishPattern,
  isPublic: boolean,
): Promise<Outcome> {
  const { vault, clock } = context
  return transactOnce(context, async (trx) => {
    const pattern = await lockPattern(trx, context, input.id)
    if (pattern === null) return problem('NotFound')
    const conflict = conflictWith(pattern, input.version)
    if (conflict !== null) return conflict
    if (pattern.public !== isPublic) {
      await trx
        .updateTable('pattern')
        .set((eb) => ({
          public: isPublic,
          updated_at: clock(),
          version: eb('version', '+', 1),
        }))
        .where('id', '=', pattern.id)
        .execute()
      const { account_id: accountId, slug } = pattern
      const action = isPublic ? 'publish-pattern' : 'unpublish-pattern'
      await record(trx, context, { accountId, action, subject: `pat_${slug}` })
    }
    const rows = { pattern: pattern.id }
    if (!isPublic) return { type: 'PatternPayload', rows }
    const content = openPattern(vault, pattern)
    const measurements = measurementsIn(content.settings)
    return {
      type: 'PublishPatternPayload',
      rows,
      values: { parts: partsOf(content), measurements },
    }
  })
}

function partsOf(content: PatternContent): readonly string[] {
  return PARTS.filter((name) => content[name] !== null).map((name) => name.toUpperCase())
}

const PARTS = ['name', 'notes', 'image', 'settings', 'data'] as const
