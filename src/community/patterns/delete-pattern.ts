import { z } from 'zod'
import type { ActContext, Outcome } from '../../auth/act.ts'
import { idSchema } from '../../auth/id-schema.ts'
import { conflictWith, problem } from '../../auth/problems.ts'
import { record } from '../../auth/record.ts'
import { transactOnce } from '../../auth/transact.ts'
import { versionSchema } from '../input.ts'
import { lockPattern } from './writable-pattern.ts'

export const deletePatternSchema = z.object({
  input: z.object({ id: idSchema, version: versionSchema.nullish() }),
})

/** Deletes a pattern for good. */
export function deletePattern(
  context: ActContext,
  { input }: z.infer<typeof deletePatternSchema>,
): Promise<Outcome> {
  return transactOnce(context, async (trx) => {
    const pattern = await lockPattern(trx, context, input.id)
    if (pattern === null) return problem('NotFound')
    const conflict = conflictWith(pattern, input.version)
    if (conflict !== null) return conflict
    await trx.deleteFrom('pattern').where('id', '=', pattern.id).execute()
    const { account_id: accountId, slug } = pattern
    const subject = `pat_${slug}`
    await record(trx, context, { accountId, action: 'delete-pattern', subject })
    return { type: 'DeletePatternPayload', values: { id: subject } }
  })
}
