import type { Selectable, Transaction } from 'kysely'
import { z } from 'zod'
import { reasonSchema } from '../../auth/account/close-account.ts'
import { type ActContext, accountOf, type Outcome } from '../../auth/act.ts'
import { idSchema } from '../../auth/id-schema.ts'
import { problem } from '../../auth/problems.ts'
import { record } from '../../auth/record.ts'
import { tell } from '../../auth/sign-in/tell.ts'
import { transactOnce } from '../../auth/transact.ts'
import type { DB, LimitRequest } from '../../database/tables.generated.ts'
import { apiError } from '../../errors.ts'
import { formatId } from '../../ids.ts'
import { endSchema, pointsSchema } from './request-higher-limit.ts'

export function decideLimitRequestSchema(context: ActContext) {
  return z.object({
    input: z
      .object({
        id: idSchema,
        decision: z.enum(['granted', 'declined']),
        points: pointsSchema.nullish(),
        until: endSchema(context).nullish(),
        reason: reasonSchema.nullish(),
      })
      .refine(({ decision, reason }) => decision === 'granted' || reason != null, {
        path: ['reason'],
        error: 'Whoever is declined is told why.',
      })
      .refine(
        ({ decision, points, until }) => decision === 'granted' || (points ?? until) == null,
        {
          path: ['points'],
          error: 'What is declined has neither points nor an end.',
        },
      ),
  })
}

type Decide = z.infer<ReturnType<typeof decideLimitRequestSchema>>

/**
 * Decides on what another asked for, once. What is granted holds with the account's next operation, in place of what was
 * granted before and of a smaller day, and ends by itself.
 */
export function decideLimitRequest(context: ActContext, { input }: Decide): Promise<Outcome> {
  return transactOnce(context, async (trx) => {
    const request = await trx
      .selectFrom('limit_request')
      .selectAll()
      .where('id', '=', input.id)
      .where('account_id', '<>', accountOf(context))
      .forUpdate()
      .executeTakeFirst()
    if (request === undefined) return problem('NotFound')
    if (request.state !== 'open') return problem('LimitRequestDecided')
    await (input.decision === 'granted' ? grant : decline)(trx, context, { input, request })
    return {
      type: 'DecideLimitRequestPayload',
      rows: { limitRequest: request.id },
      forgets: [request.account_id],
    }
  })
}

interface Decided {
  readonly input: Decide['input']
  readonly request: Selectable<LimitRequest>
}

async function grant(
  trx: Transaction<DB>,
  context: ActContext,
  { input, request }: Decided,
): Promise<void> {
  const points = input.points ?? request.points
  const until = input.until ?? request.until
  if (until <= context.clock()) throw tooLate()
  const reason = input.reason ?? null
  const { id, account_id: accountId } = request
  await trx
    .updateTable('limit_request')
    .set({ state: 'granted', granted_points: points, granted_until: until, reason })
    .set({ decided_by: accountOf(context), decided_at: context.clock() })
    .where('id', '=', id)
    .execute()
  await trx
    .deleteFrom('quota_limit')
    .where('account_id', '=', accountId)
    .where('api_key_id', 'is', null)
    .where('partition', '=', 'day')
    .where('valid_until', 'is not', null)
    .execute()
  await trx
    .insertInto('quota_limit')
    .values({ account_id: accountId, partition: 'day', capacity: points, valid_until: until })
    .execute()
  const requestId = formatId('lim', id)
  const action = 'grant-limit-request'
  await record(trx, context, { accountId, action, subject: requestId, reason })
  await tell(trx, context, {
    accountId,
    kind: 'limit-granted',
    details: { requestId, points, until },
  })
}

/** Nobody decided before the moment until which it was asked for. */
function tooLate() {
  const message = 'The end that was asked for is over. Name another one.'
  return apiError('INPUT_INVALID', {
    problems: [{ code: 'INPUT_INVALID', path: 'input.until', message }],
  })
}

async function decline(
  trx: Transaction<DB>,
  context: ActContext,
  { input, request }: Decided,
): Promise<void> {
  const reason = input.reason ?? ''
  const { id, account_id: accountId } = request
  await trx
    .updateTable('limit_request')
    .set({ state: 'declined', reason, decided_by: accountOf(context), decided_at: context.clock() })
    .where('id', '=', id)
    .execute()
  const requestId = formatId('lim', id)
  const action = 'decline-limit-request'
  await record(trx, context, { accountId, action, subject: requestId, reason })
  await tell(trx, context, { accountId, kind: 'limit-declined', details: { requestId, reason } })
}
