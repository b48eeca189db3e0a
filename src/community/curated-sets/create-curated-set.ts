import type { Transaction } from 'kysely'
import { v7 } from 'uuid'
import { z } from 'zod'
import { type ActContext, accountOf, type Outcome } from '../../auth/act.ts'
import { record } from '../../auth/record.ts'
import { transactOnce } from '../../auth/transact.ts'
import type { DB } from '../../database/tables.generated.ts'
import { formatId } from '../../ids.ts'
import { warningsFor } from '../../measurements/plausibility.ts'
import {
  storedChanges,
  WHATEVER_ELSE,
  withChanges,
} from '../measurement-sets/measurements-input.ts'
import { type CuratedContent, curatedColumns } from './curated-content.ts'
import { checkLengths, CURATED_MEMBERS, heightMmOf } from './curated-input.ts'
import { withTexts } from './texts.ts'

const { names, ...others } = CURATED_MEMBERS

export const createCuratedSetSchema = z.object({
  input: z
    .object({
      names: names.refine(({ en }) => en !== undefined, 'The name in English is needed.'),
      ...others,
    })
    .superRefine(checkLengths, WHATEVER_ELSE),
})

/** Makes a draft, which curators see and nobody else. */
export function createCuratedSet(
  context: ActContext,
  { input }: z.infer<typeof createCuratedSetSchema>,
): Promise<Outcome> {
  return transactOnce(context, async (trx) => {
    const measurements = withChanges({}, storedChanges(input))
    const id = await insertDraft(trx, context, {
      names: withTexts({}, input.names),
      notes: withTexts({}, input.notes ?? {}),
      heightMm: heightMmOf(input) ?? null,
      image: input.image ?? null,
      tags: input.tags ?? [],
      measurements,
    })
    return {
      type: 'CuratedSetPayload',
      rows: { curatedSet: id },
      values: { warnings: warningsFor(measurements, { scale: input.scale }) },
    }
  })
}

/** There is a draft of the caller's with this content; answers its UUID. */
export async function insertDraft(
  trx: Transaction<DB>,
  context: ActContext,
  content: CuratedContent,
): Promise<string> {
  const accountId = accountOf(context)
  const now = context.clock()
  const id = v7({ msecs: now.getTime() })
  await trx
    .insertInto('curated_set')
    .values({
      id,
      curator_id: accountId,
      ...curatedColumns(content),
      created_at: now,
      updated_at: now,
    })
    .execute()
  const subject = formatId('cur', id)
  await record(trx, context, { accountId, action: 'create-curated-set', subject })
  return id
}
