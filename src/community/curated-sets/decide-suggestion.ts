import type { Selectable, Transaction } from 'kysely'
import { z } from 'zod'
import { reasonSchema } from '../../auth/account/close-account.ts'
import { type ActContext, accountOf, type Outcome } from '../../auth/act.ts'
import { idSchema } from '../../auth/id-schema.ts'
import { conflictWith, problem } from '../../auth/problems.ts'
import { record } from '../../auth/record.ts'
import { tell } from '../../auth/sign-in/tell.ts'
import { transactOnce } from '../../auth/transact.ts'
import type { CuratedSuggestion, DB } from '../../database/tables.generated.ts'
import { versionSchema } from '../input.ts'
import { insertDraft } from './create-curated-set.ts'
import { openSuggestion } from './sealed-suggestion.ts'
import { isOfOpenAccount } from './visible-suggestions.ts'

export const acceptSuggestionSchema = z.object({
  input: z.object({ id: idSchema, version: versionSchema }),
})

/**
 * Makes a draft of what was suggested, which tells nothing of its owner, and tells him so. Nothing is published by it:
 * curators look through the draft first.
 */
export function acceptSuggestion(
  context: ActContext,
  { input }: z.infer<typeof acceptSuggestionSchema>,
): Promise<Outcome> {
  return decide(context, input, async (trx, suggestion) => {
    const { name, notes, measurements } = openSuggestion(context.vault, suggestion)
    const curatedSet = await insertDraft(trx, context, {
      names: { en: name },
      notes: notes === null ? {} : { en: notes },
      heightMm: null,
      image: null,
      tags: [],
      measurements,
    })
    const { account_id: accountId, slug } = suggestion
    const subject = `sug_${slug}`
    const action = 'accept-curated-set-suggestion'
    await close(trx, context, suggestion, { state: 'accepted', curated_set_id: curatedSet })
    await record(trx, context, { accountId, action, subject })
    const details = { suggestionId: subject }
    await tell(trx, context, { accountId, kind: 'suggestion-accepted', details })
    return {
      type: 'AcceptCuratedSetSuggestionPayload',
      rows: { suggestion: suggestion.id, curatedSet },
    }
  })
}

export const declineSuggestionSchema = z.object({
  input: z.object({ id: idSchema, version: versionSchema.nullish(), reason: reasonSchema }),
})

/** Nothing comes of what was suggested, and its owner is told why. */
export function declineSuggestion(
  context: ActContext,
  { input }: z.infer<typeof declineSuggestionSchema>,
): Promise<Outcome> {
  const { reason } = input
  return decide(context, input, async (trx, suggestion) => {
    const { account_id: accountId, slug } = suggestion
    const subject = `sug_${slug}`
    const action = 'decline-curated-set-suggestion'
    await close(trx, context, suggestion, { state: 'declined', reason })
    await record(trx, context, { accountId, action, subject, reason })
    const details = { suggestionId: subject, reason }
    await tell(trx, context, { accountId, kind: 'suggestion-declined', details })
    return { type: 'DeclineCuratedSetSuggestionPayload', rows: { suggestion: suggestion.id } }
  })
}

type Suggestion = Selectable<CuratedSuggestion>

interface Decided {
  readonly id: string | null
  readonly version?: number | null | undefined
}

/** Has the effect on a suggestion that is open: each is decided on once. */
function decide(
  context: ActContext,
  input: Decided,
  effect: (trx: Transaction<DB>, suggestion: Suggestion) => Promise<Outcome>,
): Promise<Outcome> {
  return transactOnce(context, async (trx) => {
    const suggestion = await trx
      .selectFrom('curated_suggestion')
      .selectAll()
      .where('id', '=', input.id)
      .where(isOfOpenAccount('curated_suggestion'))
      .forUpdate()
      .executeTakeFirst()
    if (suggestion === undefined) return problem('NotFound')
    const conflict = conflictWith(suggestion, input.version)
    if (conflict !== null) return conflict
    if (suggestion.state !== 'open') return problem('SuggestionDecided')
    return effect(trx, suggestion)
  })
}

type Decision =
  | { readonly state: 'accepted'; readonly curated_set_id: string }
  | { readonly state: 'declined'; readonly reason: string }

async function close(
  trx: Transaction<DB>,
  context: ActContext,
  { id }: Suggestion,
  decision: Decision,
): Promise<void> {
  const now = context.clock()
  await trx
    .updateTable('curated_suggestion')
    .set((eb) => ({
      ...decision,
      decided_by: accountOf(context),
      decided_at: now,
      updated_at: now,
      version: eb('version', '+', 1),
    }))
    .where('id', '=', id)
    .execute()
}
