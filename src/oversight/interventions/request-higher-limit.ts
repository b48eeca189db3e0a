import { v7 } from 'uuid'
import { z } from 'zod'
import { lockAccount } from '../../auth/account/subject-account.ts'
import { type ActContext, accountOf, type Outcome } from '../../auth/act.ts'
import { problem } from '../../auth/problems.ts'
import { record } from '../../auth/record.ts'
import { transactOnce } from '../../auth/transact.ts'
import { formatId } from '../../ids.ts'
import { sealRow } from '../../vault/seal-row.ts'

/** What can be asked for. */
export const LIMIT_REQUEST = {
  purposeCharacters: 2000,
  pointsMax: 2_147_483_647,
  daysMax: 366,
} as const

export function requestHigherLimitSchema(context: ActContext) {
  return z.object({
    input: z.object({
      purpose: z.string().trim().min(1).max(LIMIT_REQUEST.purposeCharacters),
      points: pointsSchema,
      until: endSchema(context),
    }),
  })
}

/** Points a day. */
export const pointsSchema = z.int().min(1).max(LIMIT_REQUEST.pointsMax)

/** A moment within a year. */
export function endSchema({ clock }: Pick<ActContext, 'clock'>) {
  const now = clock()
  const last = new Date(now.getTime() + LIMIT_REQUEST.daysMax * 86_400_000)
  return z
    .date()
    .min(now, 'It ends in the future.')
    .max(last, `It ends within ${LIMIT_REQUEST.daysMax} days.`)
}

/** Whoever runs the service finds the request among those that wait; an account has one at a time. */
export function requestHigherLimit(
  context: ActContext,
  { input }: z.infer<ReturnType<typeof requestHigherLimitSchema>>,
): Promise<Outcome> {
  const { purpose, points, until } = input
  const accountId = accountOf(context)
  return transactOnce(context, async (trx) => {
    if ((await lockAccount(trx, accountId)) === null) return problem('NotFound')
    const open = await trx
      .selectFrom('limit_request')
      .select('id')
      .where('account_id', '=', accountId)
      .where('state', '=', 'open')
      .executeTakeFirst()
    if (open !== undefined) return problem('LimitRequestOpen')
    const now = context.clock()
    const id = v7({ msecs: now.getTime() })
    await trx
      .insertInto('limit_request')
      .values({
        id,
        account_id: accountId,
        ...sealRow(context.vault, 'limit_request', { row: id, owner: accountId }, { purpose }),
        points,
        until,
        created_at: now,
      })
      .execute()
    const subject = formatId('lim', id)
    await record(trx, context, { accountId, action: 'request-higher-limit', subject })
    return { type: 'RequestHigherLimitPayload', rows: { limitRequest: id } }
  })
}
