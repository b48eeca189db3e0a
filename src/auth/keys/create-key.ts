import type { Transaction } from 'kysely'
import { z } from 'zod'
import type { DB } from '../../database/tables.generated.ts'
import { type ActContext, accountOf, type Outcome } from '../act.ts'
import { storeKey } from '../issue-key.ts'
import { mayMakeNoKey, stepInForce } from '../interventions.ts'
import { keySchema } from '../key-input.ts'
import { problem } from '../problems.ts'
import { record } from '../record.ts'
import { tell } from '../sign-in/tell.ts'
import { transactOnce } from '../transact.ts'

/** What keys an account can have: live at the same time, and made within an hour. */
export const KEY_CAPS = { live: 500, perHour: 50 } as const

/** What a new key may be, by what the role gives. */
export async function createKeySchema(context: ActContext) {
  const { role } = await context.database.kysely
    .selectFrom('account')
    .select('role')
    .where('id', '=', accountOf(context))
    .executeTakeFirstOrThrow()
  const bounds = { role, now: context.clock(), lifetime: context.lifetime }
  return z.object({ input: keySchema(bounds) })
}

/**
 * Makes an API key for the account of whoever asks. Its secret is told now and never again.
 * @throws {ApiError} ACCOUNT_BLOCKED while the account's keys are taken back
 */
export function createKey(
  context: ActContext,
  { input }: z.infer<Awaited<ReturnType<typeof createKeySchema>>>,
): Promise<Outcome> {
  const accountId = accountOf(context)
  return transactOnce(context, async (trx) => {
    const now = context.clock()
    const ban = stepInForce(context.principal.interventions, 'revocation', now.getTime())
    if (ban !== null) throw mayMakeNoKey(ban)
    if (await hasTooMany(trx, accountId, now)) return problem('TooManyKeys')
    const issued = await storeKey(
      { ...context, clock: () => now, database: { kysely: trx } },
      { ...input, accountId },
    )
    await record(trx, context, { accountId, action: 'create-api-key', subject: issued.publicId })
    await tell(trx, context, {
      accountId,
      kind: 'key-created',
      details: { keyId: issued.publicId },
    })
    return {
      type: 'CreateApiKeyPayload',
      rows: { apiKey: issued.id },
      secrets: { secret: issued.secret },
    }
  })
}

/** Whether the account may make no further key now. Others of its acts wait until this one is done. */
export async function hasTooMany(
  trx: Transaction<DB>,
  accountId: string,
  now: Date,
): Promise<boolean> {
  await trx.selectFrom('account').select('id').where('id', '=', accountId).forUpdate().execute()
  const hourAgo = new Date(now.getTime() - 3_600_000)
  const { live, made } = await trx
    .selectFrom('api_key')
    .select(({ fn }) => [
      fn
        .countAll<string>()
        .filterWhere('revoked_at', 'is', null)
        .filterWhere('expires_at', '>', now)
        .as('live'),
      fn.countAll<string>().filterWhere('created_at', '>', hourAgo).as('made'),
    ])
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow()
  return Number(live) >= KEY_CAPS.live || Number(made) >= KEY_CAPS.perHour
}
