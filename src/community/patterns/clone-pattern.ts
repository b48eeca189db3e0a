import { sql, type Transaction } from 'kysely'
import { v7 } from 'uuid'
import { z } from 'zod'
import { type ActContext, accountOf, type Outcome } from '../../auth/act.ts'
import { holds } from '../../auth/check-scope.ts'
import { idSchema } from '../../auth/id-schema.ts'
import { problem } from '../../auth/problems.ts'
import { record } from '../../auth/record.ts'
import { transactOnce } from '../../auth/transact.ts'
import type { DB } from '../../database/tables.generated.ts'
import { formatId } from '../../ids.ts'
import { consentingAccount } from '../consenting-account.ts'
import { nameSchema } from '../input.ts'
import { ownOrPublic } from '../visible-rows.ts'
import { openPattern, sealPattern } from './sealed-pattern.ts'

export const clonePatternSchema = z.object({
  input: z.object({ of: idSchema, name: nameSchema.nullish() }),
})

/**
 * Makes a private copy of a pattern that the caller may read, for the caller's own account: with its settings and their
 * measurements. The set of an own pattern stays named.
 */
export function clonePattern(
  context: ActContext,
  { input }: z.infer<typeof clonePatternSchema>,
): Promise<Outcome> {
  const { vault, clock } = context
  const accountId = accountOf(context)
  const action = 'clone-pattern'
  return transactOnce(context, async (trx) => {
    if ((await consentingAccount(trx, accountId)) === null) return problem('NotFound')
    const original = await readPattern(trx, context, input.of)
    if (original === null) return problem('NotFound')
    const { account_id: ownerId, measurement_set_id: setId } = original
    if (ownerId !== accountId && holds(context.principal.standing, 'accounts:read')) {
      await record(trx, context, { accountId: ownerId, action, subject: `pat_${original.slug}` })
    }
    const now = clock()
    const id = v7({ msecs: now.getTime() })
    const content = openPattern(vault, original)
    await trx
      .insertInto('pattern')
      .values({
        id,
        account_id: accountId,
        measurement_set_id: ownerId === accountId ? await keptSet(trx, setId) : null,
        design: original.design,
        ...sealPattern(
          vault,
          { row: id, owner: accountId },
          { ...content, name: input.name ?? content.name },
        ),
        created_at: now,
        updated_at: now,
      })
      .execute()
    await record(trx, context, { accountId, action, subject: formatId('pat', id) })
    return { type: 'PatternPayload', rows: { pattern: id } }
  })
}

/**
 * The pattern, if the caller may copy it: own, public, or another's for staff as long as its owner consents to measurements
 * being processed; else null.
 */
async function readPattern(trx: Transaction<DB>, { principal }: ActContext, id: string | null) {
  const { standing, accountId } = principal
  const reader = { standing, me: sql`${accountId}::uuid` }
  const isVisible = ownOrPublic('pattern', reader, 'own-patterns:read') ?? sql`true`
  const pattern = await trx
    .selectFrom('pattern')
    .innerJoin('account', 'account.id', 'pattern.account_id')
    .selectAll('pattern')
    .where('pattern.id', '=', id)
    .where('account.consent', '=', 'measurements')
    .where(sql<boolean>`(${isVisible})`)
    .executeTakeFirst()
  return pattern ?? null
}

/** UUID of the set, which nobody deletes until the transaction is through; null where it is gone, or none. */
async function keptSet(trx: Transaction<DB>, id: string | null): Promise<string | null> {
  const set = await trx
    .selectFrom('measurement_set')
    .select('id')
    .where('id', '=', id)
    .forKeyShare()
    .executeTakeFirst()
  return set?.id ?? null
}
