import type { Transaction } from 'kysely'
import { z } from 'zod'
import type { DB } from '../../database/tables.generated.ts'
import { type ActContext, accountOf, type Outcome } from '../act.ts'
import { issueKey } from '../issue-key.ts'
import type { KeyLifetime } from '../key-input.ts'
import { problem } from '../problems.ts'
import { record } from '../record.ts'
import { tell } from '../sign-in/tell.ts'
import { transactOnce } from '../transact.ts'

/** What keys an account can have: live at the same time, and made within an hour. */
export const KEY_CAPS = { live: 500, perHour: 50 } as const

/** Days that a key lives where nothing else is asked for. */
export const DEFAULT_LIFETIME_DAYS = 30

const DAY_SECONDS = 86_400

export const createKeySchema = z.object({
  input: z.object({
    name: z.string(),
    level: z.int(),
    expiresAt: z.date().nullish(),
    networks: z.array(z.string()).nullish(),
    origins: z.array(z.string()).nullish(),
  }),
})

/**
 * Makes an API key for the account of whoever asks. Its secret is told now and never again.
 * @throws {ApiError} INPUT_INVALID with all problems at once; nothing is stored then
 */
export function createKey(
  context: ActContext,
  { input }: z.infer<typeof createKeySchema>,
): Promise<Outcome> {
  const accountId = accountOf(context)
  return transactOnce(context, input, async (trx) => {
    const now = context.clock()
    if (await hasTooMany(trx, accountId, now)) return problem('TooManyKeys')
    const issued = await issueKey(
      { ...context, database: { kysely: trx }, inputPath: 'input' },
      {
        accountId,
        name: input.name,
        level: input.level,
        expiresAt: input.expiresAt ?? defaultExpiry(now, context.lifetime),
        networks: input.networks ?? [],
        origins: input.origins ?? [],
      },
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

function defaultExpiry(now: Date, { secondsMin, secondsMax }: KeyLifetime): Date {
  const seconds = Math.min(secondsMax, Math.max(secondsMin, DEFAULT_LIFETIME_DAYS * DAY_SECONDS))
  return new Date(now.getTime() + seconds * 1000)
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
