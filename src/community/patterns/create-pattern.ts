import { v7 } from 'uuid'
import { z } from 'zod'
import { subjectOf } from '../../auth/account/subject-account.ts'
import type { ActContext, Asked, Outcome } from '../../auth/act.ts'
import { idSchema } from '../../auth/id-schema.ts'
import { problem } from '../../auth/problems.ts'
import { record } from '../../auth/record.ts'
import { transactOnce } from '../../auth/transact.ts'
import { formatId } from '../../ids.ts'
import { consentingAccount } from '../consenting-account.ts'
import { copiedSetSchema, copyNamedSet, setToName } from './copied-set.ts'
import { designSchema, PATTERN_MEMBERS } from './pattern-input.ts'
import { sealPattern } from './sealed-pattern.ts'
import { withMeasurements } from './settings.ts'

/** What a new pattern may be; it is made from a set that the caller may read, or from none. */
export async function createPatternSchema(context: ActContext, asked: Asked) {
  const members = z.object({
    account: idSchema.optional(),
    design: designSchema,
    ...PATTERN_MEMBERS,
    measurementSet: await copiedSetSchema(context, asked),
  })
  return z.object({ input: members })
}

/**
 * Makes a private pattern of the account. Its settings hold the measurements of the set as they are now, unless they bring
 * their own; the set stays named where it is one of the same account.
 */
export function createPattern(
  context: ActContext,
  { input }: z.infer<Awaited<ReturnType<typeof createPatternSchema>>>,
): Promise<Outcome> {
  const { vault, clock } = context
  const accountId = subjectOf(context, input.account, 'sets:write')
  if (accountId === null) return Promise.resolve(problem('NotFound'))
  return transactOnce(context, async (trx) => {
    if ((await consentingAccount(trx, accountId)) === null) return problem('NotFound')
    const copied = await copyNamedSet(trx, context, input.measurementSet)
    const now = clock()
    const id = v7({ msecs: now.getTime() })
    const settings = input.settings ?? null
    const takesCopy = copied !== null && settings?.['measurements'] === undefined
    const content = {
      name: input.name,
      notes: input.notes ?? null,
      image: input.image ?? null,
      settings: takesCopy ? withMeasurements(settings, copied.measurements) : settings,
      data: input.data ?? null,
    }
    await trx
      .insertInto('pattern')
      .values({
        id,
        account_id: accountId,
        measurement_set_id: setToName(copied, accountId),
        design: input.design,
        ...sealPattern(vault, { row: id, owner: accountId }, content),
        created_at: now,
        updated_at: now,
      })
      .execute()
    const subject = formatId('pat', id)
    await record(trx, context, { accountId, action: 'create-pattern', subject })
    return { type: 'PatternPayload', rows: { pattern: id } }
  })
}
