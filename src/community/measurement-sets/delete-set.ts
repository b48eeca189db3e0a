import type { Transaction } from 'kysely'
import { z } from 'zod'
import type { ActContext, Outcome } from '../../auth/act.ts'
import { idSchema } from '../../auth/id-schema.ts'
import { conflictWith, problem } from '../../auth/problems.ts'
import { record } from '../../auth/record.ts'
import { transactOnce } from '../../auth/transact.ts'
import type { DB } from '../../database/tables.generated.ts'
import type { Measurements } from '../../measurements/definitions.ts'
import { versionSchema } from '../input.ts'
import { lockBasing } from './base-sets.ts'
import { mergedMeasurements } from './measurements-input.ts'
import { openSet, sealSet } from './sealed-set.ts'
import { findWritableSet, lockSet } from './writable-set.ts'

/** How many of the sets that are based on one an answer names. */
export const LISTED_DEPENDENTS = 100

export const deleteSetSchema = z.object({
  input: z.object({
    id: idSchema,
    version: versionSchema.nullish(),
    dependents: z.enum(['refuse', 'detach']).default('refuse'),
  }),
})

/**
 * Deletes a set. Where others are based on it, nothing happens, or they are detached: each takes over what it had inherited
 * from this one, so that no value is lost, and is based on what this one was based on.
 */
export function deleteSet(
  context: ActContext,
  { input }: z.infer<typeof deleteSetSchema>,
): Promise<Outcome> {
  return transactOnce(context, async (trx) => {
    const named = await findWritableSet(trx, context, input.id)
    if (named === null) return problem('NotFound')
    const { account_id: accountId } = named
    await lockBasing(trx, accountId)
    const set = await lockSet(trx, context, input.id)
    if (set === null) return problem('NotFound')
    const conflict = conflictWith(set, input.version)
    if (conflict !== null) return conflict
    const dependents = await trx
      .selectFrom('measurement_set')
      .selectAll()
      .where('base_set_id', '=', set.id)
      .orderBy('id')
      .forUpdate()
      .execute()
    const ids = dependents.map(({ slug }) => `set_${slug}`)
    if (dependents.length > 0 && input.dependents === 'refuse') {
      return problem('SetInUse', { dependents: ids.slice(0, LISTED_DEPENDENTS) })
    }
    const { measurements } = openSet(context.vault, set)
    for (const dependent of dependents) {
      await detach(trx, context, dependent, { measurements, baseId: set.base_set_id })
    }
    await trx.deleteFrom('measurement_set').where('id', '=', set.id).execute()
    const subject = `set_${set.slug}`
    await record(trx, context, { accountId, action: 'delete-measurement-set', subject })
    return {
      type: 'DeleteMeasurementSetPayload',
      values: {
        id: subject,
        detached: ids.slice(0, LISTED_DEPENDENTS),
        detachedCount: ids.length,
      },
    }
  })
}

/** The set holds itself what it has inherited from its base set, and is based on what that was based on. */
async function detach(
  trx: Transaction<DB>,
  { vault, clock }: Pick<ActContext, 'vault' | 'clock'>,
  set: Parameters<typeof openSet>[1],
  base: { readonly measurements: Measurements; readonly baseId: string | null },
): Promise<void> {
  const content = openSet(vault, set)
  const measurements = mergedMeasurements([content.measurements, base.measurements])
  await trx
    .updateTable('measurement_set')
    .set((eb) => ({
      ...sealSet(vault, { row: set.id, owner: set.account_id }, { ...content, measurements }),
      base_set_id: base.baseId,
      updated_at: clock(),
      version: eb('version', '+', 1),
    }))
    .where('id', '=', set.id)
    .execute()
}
