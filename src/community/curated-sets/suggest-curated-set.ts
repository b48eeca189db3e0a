import type { Transaction } from 'kysely'
import { v7 } from 'uuid'
import { z } from 'zod'
import { type ActContext, accountOf, type Outcome } from '../../auth/act.ts'
import { idSchema } from '../../auth/id-schema.ts'
import { problem } from '../../auth/problems.ts'
import { record } from '../../auth/record.ts'
import { transactOnce } from '../../auth/transact.ts'
import type { DB } from '../../database/tables.generated.ts'
import { formatId } from '../../ids.ts'
import { notesSchema } from '../input.ts'
import { mergedWithBases } from '../measurement-sets/merged-set.ts'
import { openSet } from '../measurement-sets/sealed-set.ts'
import { sealSuggestion } from './sealed-suggestion.ts'

/** Suggestions of one account that are open at a time. */
export const OPEN_SUGGESTIONS_MAX = 20

export const suggestCuratedSetSchema = z.object({
  input: z.object({ set: idSchema, note: notesSchema.nullish() }),
})

/**
 * Curators read a copy of an own set from now on, with inherited values and without its picture: its owner agrees that
 * they publish it. Another's set is never suggested, whatever the level: that is for its owner to agree to.
 */
export function suggestCuratedSet(
  context: ActContext,
  { input }: z.infer<typeof suggestCuratedSetSchema>,
): Promise<Outcome> {
  const { vault, clock } = context
  const accountId = accountOf(context)
  return transactOnce(context, async (trx) => {
    if (!(await lockConsentingAccount(trx, accountId))) return problem('NotFound')
    const set = await trx
      .selectFrom('measurement_set')
      .selectAll()
      .where('id', '=', input.set)
      .where('account_id', '=', accountId)
      // Its base sets stay what they are to it until they are read.
      .forShare()
      .executeTakeFirst()
    if (set === undefined) return problem('NotFound')
    if ((await countOpen(trx, accountId)) >= OPEN_SUGGESTIONS_MAX) {
      return problem('TooManySuggestions')
    }
    const { name, notes, measurements: own } = openSet(vault, set)
    const measurements = await mergedWithBases(trx, vault, { own, baseId: set.base_set_id })
    const now = clock()
    const id = v7({ msecs: now.getTime() })
    const content = { name, notes, measurements, note: input.note ?? null }
    await trx
      .insertInto('curated_suggestion')
      .values({
        id,
        account_id: accountId,
        ...sealSuggestion(vault, { row: id, owner: accountId }, content),
        created_at: now,
        updated_at: now,
      })
      .execute()
    const subject = formatId('sug', id)
    await record(trx, context, { accountId, action: 'suggest-curated-set', subject })
    return { type: 'SuggestCuratedSetPayload', rows: { suggestion: id } }
  })
}

/** Whether its owner consents to measurements being processed; nobody else suggests anything of it meanwhile. */
async function lockConsentingAccount(trx: Transaction<DB>, accountId: string): Promise<boolean> {
  const account = await trx
    .selectFrom('account')
    .select('id')
    .where('id', '=', accountId)
    .where('consent', '=', 'measurements')
    .forNoKeyUpdate()
    .executeTakeFirst()
  return account !== undefined
}

async function countOpen(trx: Transaction<DB>, accountId: string): Promise<number> {
  const { open } = await trx
    .selectFrom('curated_suggestion')
    .select((eb) => eb.fn.countAll<string>().as('open'))
    .where('account_id', '=', accountId)
    .where('state', '=', 'open')
    .executeTakeFirstOrThrow()
  return Number(open)
}
