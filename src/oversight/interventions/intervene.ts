import type { Transaction } from 'kysely'
import { z } from 'zod'
import { anothersAccount } from '../../auth/account/anothers-account.ts'
import { reasonSchema } from '../../auth/account/close-account.ts'
import { lockAccount } from '../../auth/account/subject-account.ts'
import { type ActContext, accountOf, type Outcome } from '../../auth/act.ts'
import { holds } from '../../auth/check-scope.ts'
import { idSchema } from '../../auth/id-schema.ts'
import { problem } from '../../auth/problems.ts'
import { record } from '../../auth/record.ts'
import { transactOnce } from '../../auth/transact.ts'
import type { AccountRole, DB } from '../../database/tables.generated.ts'
import { formatId } from '../../ids.ts'
import { takeStep } from './take-step.ts'

/** What is left of budgets at a slower pace. */
export const PACE_PERCENT = { min: 1, max: 99 } as const

/** Which step is taken against whom; its end is not over yet. */
export function interveneSchema(context: ActContext) {
  const now = context.clock()
  return z.object({
    input: z
      .object({
        account: anothersAccount(context),
        key: idSchema.optional(),
        step: z.enum(['notice', 'slower', 'suspension', 'revocation']),
        reason: reasonSchema,
        until: z.date().min(now, 'It ends in the future.').nullish(),
        pacePercent: z.int().min(PACE_PERCENT.min).max(PACE_PERCENT.max).nullish(),
      })
      .refine(({ step, pacePercent }) => (step === 'slower') === (pacePercent != null), {
        path: ['pacePercent'],
        error: 'A pace belongs to SLOWER, and to no other step.',
      }),
  })
}

type Intervene = z.infer<ReturnType<typeof interveneSchema>>

/** Takes a step against another's account or key, in place of one of the same kind; against those of support and admin an admin does alone. */
export function intervene(context: ActContext, { input }: Intervene): Promise<Outcome> {
  const { step, reason, until = null, pacePercent, key } = input
  const pace = pacePercent == null ? null : pacePercent / 100
  return transactOnce(context, async (trx) => {
    const account = await lockAccount(trx, input.account)
    if (account === null || !mayIntervene(context, account.role)) return problem('NotFound')
    if (key !== undefined && !(await isKeyOf(trx, key, account.id))) return problem('NotFound')
    const accountId = account.id
    const by = { personId: accountOf(context) }
    const keyId = key ?? null
    const id = await takeStep(trx, context, { accountId, keyId, step, pace, reason, until, by })
    const subject = formatId('itv', id)
    await record(trx, context, { accountId, action: `intervene-${step}`, subject, reason })
    return { type: 'IntervenePayload', rows: { intervention: id }, forgets: [accountId] }
  })
}

/** Whether the caller may do something against an account with this role. */
export function mayIntervene(
  { principal }: Pick<ActContext, 'principal'>,
  role: AccountRole,
): boolean {
  return (role !== 'support' && role !== 'admin') || holds(principal.standing, 'roles:write')
}

async function isKeyOf(
  trx: Transaction<DB>,
  id: string | null,
  accountId: string,
): Promise<boolean> {
  const key = await trx
    .selectFrom('api_key')
    .select('id')
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .executeTakeFirst()
  return key !== undefined
}
