import { v7 } from 'uuid'
import { z } from 'zod'
import { subjectOf } from '../../auth/account/subject-account.ts'
import type { ActContext, Asked, Outcome } from '../../auth/act.ts'
import { idSchema } from '../../auth/id-schema.ts'
import { problem } from '../../auth/problems.ts'
import { record } from '../../auth/record.ts'
import { transactOnce } from '../../auth/transact.ts'
import { formatId } from '../../ids.ts'
import { warningsFor } from '../../measurements/plausibility.ts'
import { consentingAccount } from '../consenting-account.ts'
import { unitsSchema } from '../input.ts'
import { assertBasing, baseSchema, lockBasing } from './base-sets.ts'
import {
  checkMeasurements,
  storedChanges,
  WHATEVER_ELSE,
  withChanges,
} from './measurements-input.ts'
import { mergedWithBases } from './merged-set.ts'
import { sealSet } from './sealed-set.ts'
import { SET_MEMBERS } from './set-input.ts'

/** What a new set may be; the base set is one of the same account. */
export async function createSetSchema(context: ActContext, asked: Asked) {
  const { account, baseSet: baseId } = NAMED.parse(asked).input
  const accountId = subjectOf(context, account, 'sets:write')
  const baseSet = await baseSchema(context.database.kysely, { accountId, setId: null, baseId })
  const members = z.object({
    ...SET_MEMBERS,
    account: idSchema.optional(),
    units: unitsSchema.nullish(),
    baseSet,
  })
  return z.object({ input: members.superRefine(checkMeasurements, WHATEVER_ELSE) })
}

const NAMED = z.object({
  input: z.object({ account: idSchema.optional(), baseSet: idSchema.optional() }),
})

/** Makes a private set of the account. Where nothing is said of it, its units are those that the account prefers. */
export function createSet(
  context: ActContext,
  { input }: z.infer<Awaited<ReturnType<typeof createSetSchema>>>,
): Promise<Outcome> {
  const { vault, clock } = context
  const accountId = subjectOf(context, input.account, 'sets:write')
  if (accountId === null) return Promise.resolve(problem('NotFound'))
  return transactOnce(context, async (trx) => {
    const owner = await consentingAccount(trx, accountId)
    if (owner === null) return problem('NotFound')
    const baseId = input.baseSet ?? null
    if (baseId !== null) {
      await lockBasing(trx, accountId)
      await assertBasing(trx, { accountId, setId: null, baseId })
    }
    const now = clock()
    const id = v7({ msecs: now.getTime() })
    const measurements = withChanges({}, storedChanges(input))
    const content = {
      name: input.name,
      notes: input.notes ?? null,
      image: input.image ?? null,
      measurements,
    }
    await trx
      .insertInto('measurement_set')
      .values({
        id,
        account_id: accountId,
        base_set_id: baseId,
        ...sealSet(vault, { row: id, owner: accountId }, content),
        units: input.units ?? owner.units,
        created_at: now,
        updated_at: now,
      })
      .execute()
    const subject = formatId('set', id)
    await record(trx, context, { accountId, action: 'create-measurement-set', subject })
    const merged = await mergedWithBases(trx, vault, { own: measurements, baseId })
    return {
      type: 'MeasurementSetPayload',
      rows: { measurementSet: id },
      values: { warnings: warningsFor(merged, { scale: input.scale }) },
    }
  })
}
