import { v7 } from 'uuid'
import { z } from 'zod'
import { type ActContext, accountOf, type Outcome } from '../../auth/act.ts'
import { problem } from '../../auth/problems.ts'
import { record } from '../../auth/record.ts'
import { transactOnce } from '../../auth/transact.ts'
import { formatId } from '../../ids.ts'
import { consentingAccount } from '../consenting-account.ts'
import { nameSchema } from '../input.ts'
import { readSet } from './readable-set.ts'
import { sealSet } from './sealed-set.ts'

export const cloneSetSchema = z.object({
  input: z.object({ of: z.string(), name: nameSchema.nullish() }),
})

/**
 * Makes a private copy of a set that the caller may read, own, public or curated, for the caller's own account: with all
 * values, inherited ones included, and based on nothing.
 */
export function cloneSet(
  context: ActContext,
  { input }: z.infer<typeof cloneSetSchema>,
): Promise<Outcome> {
  const { vault, clock } = context
  const accountId = accountOf(context)
  const action = 'clone-measurement-set'
  return transactOnce(context, async (trx) => {
    const owner = await consentingAccount(trx, accountId)
    if (owner === null) return problem('NotFound')
    const original = await readSet(trx, context, { id: input.of, action, language: owner.language })
    if (original === null) return problem('NotFound')
    const now = clock()
    const id = v7({ msecs: now.getTime() })
    const content = { ...original.content, name: input.name ?? original.content.name }
    await trx
      .insertInto('measurement_set')
      .values({
        id,
        account_id: accountId,
        ...sealSet(vault, { row: id, owner: accountId }, content),
        units: original.units ?? owner.units,
        created_at: now,
        updated_at: now,
      })
      .execute()
    const subject = formatId('set', id)
    await record(trx, context, { accountId, action, subject })
    return {
      type: 'CloneMeasurementSetPayload',
      rows: { measurementSet: id },
    }
  })
}
