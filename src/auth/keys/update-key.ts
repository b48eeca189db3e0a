import type { Transaction } from 'kysely'
import { z } from 'zod'
import type { DB } from '../../database/tables.generated.ts'
import { apiError, type Problem } from '../../errors.ts'
import { sealRow } from '../../vault/seal-row.ts'
import { type ActContext, accountOf, type Outcome } from '../act.ts'
import { idSchema } from '../id-schema.ts'
import { KEY_NAME_LENGTH_MAX } from '../key-input.ts'
import { problem } from '../problems.ts'
import { record } from '../record.ts'
import { transact } from '../transact.ts'
import { networksSchema, originsSchema } from './restrictions.ts'

const POINTS_MAX = 1_000_000_000
const points = z.int().min(1).max(POINTS_MAX, `A limit is a whole number from 1 to ${POINTS_MAX}.`)

export const updateKeySchema = z.object({
  input: z.object({
    id: idSchema,
    name: z
      .string()
      .trim()
      .min(1)
      .max(KEY_NAME_LENGTH_MAX, `A key's name has 1 to ${KEY_NAME_LENGTH_MAX} characters.`)
      .optional(),
    level: z.int().min(0).max(8).optional(),
    expiresAt: z.date().optional(),
    networks: networksSchema.optional(),
    origins: originsSchema.optional(),
    /** Points a day that this key may draw of the account's; null: as many as the account. */
    dayPoints: points.nullable().optional(),
    /** Points at once, and back each second. */
    burst: z
      .object({ points, restorePerSecond: z.number().min(0.001).max(1_000_000) })
      .nullable()
      .optional(),
  }),
})

type Input = z.infer<typeof updateKeySchema>['input']

/**
 * Changes an own live key: what is not given stays. Level and expiry only ever sink, and a limit of the key counts beside
 * all others, so that nothing of this makes a key stronger.
 * @throws {ApiError} INPUT_INVALID for a level or an expiry above the present one; nothing is stored then
 */
export function updateKey(
  context: ActContext,
  { input }: z.infer<typeof updateKeySchema>,
): Promise<Outcome> {
  const accountId = accountOf(context)
  return transact(context, async (trx) => {
    const now = context.clock()
    const key = await trx
      .selectFrom('api_key')
      .select(['id', 'slug', 'level', 'expires_at', 'revoked_at'])
      .where('id', '=', input.id)
      .where('account_id', '=', accountId)
      .forUpdate()
      .executeTakeFirst()
    if (key === undefined) return problem('NotFound')
    if (key.revoked_at !== null || key.expires_at <= now) return problem('KeyNotLive')
    refuseStrengthening(input, key)
    const label =
      input.name === undefined
        ? {}
        : sealRow(context.vault, 'api_key', { row: key.id, owner: accountId }, { name: input.name })
    await trx
      .updateTable('api_key')
      .set((eb) => ({
        ...label,
        ...(input.level === undefined ? {} : { level: input.level }),
        ...(input.expiresAt === undefined ? {} : { expires_at: input.expiresAt }),
        ...(input.networks === undefined ? {} : { networks: input.networks }),
        ...(input.origins === undefined ? {} : { origins: input.origins }),
        updated_at: now,
        version: eb('version', '+', 1),
      }))
      .where('id', '=', key.id)
      .execute()
    await setLimits(trx, { accountId, keyId: key.id }, input)
    await record(trx, context, {
      accountId,
      action: 'update-api-key',
      subject: `key_${key.slug}`,
    })
    return { type: 'UpdateApiKeyPayload', rows: { apiKey: key.id } }
  })
}

function refuseStrengthening(
  { level, expiresAt }: Input,
  key: { readonly level: number; readonly expires_at: Date },
): void {
  const problems: Problem[] = []
  if (level !== undefined && level > key.level) {
    const message = `The level of a key never rises: accepted are 0 to ${key.level}, not ${level}. Make another key.`
    problems.push({ code: 'INPUT_INVALID', path: 'input.level', found: level, message })
  }
  if (expiresAt !== undefined && expiresAt > key.expires_at) {
    const found = expiresAt.toISOString()
    const message = `The expiry of a key never moves away: accepted is up to ${key.expires_at.toISOString()}, not ${found}. Rotate it.`
    problems.push({ code: 'INPUT_INVALID', path: 'input.expiresAt', found, message })
  }
  if (problems.length > 0) throw apiError('INPUT_INVALID', { problems })
}

async function setLimits(
  trx: Transaction<DB>,
  { accountId, keyId }: { readonly accountId: string; readonly keyId: string },
  { dayPoints, burst }: Input,
): Promise<void> {
  const given = [
    ...(dayPoints === undefined
      ? []
      : [{ partition: 'day', capacity: dayPoints, restore_per_second: null }]),
    ...(burst === undefined
      ? []
      : [
          {
            partition: 'burst',
            capacity: burst?.points ?? null,
            restore_per_second: burst?.restorePerSecond ?? null,
          },
        ]),
  ]
  for (const { partition, capacity, restore_per_second } of given) {
    await trx
      .deleteFrom('quota_limit')
      .where('api_key_id', '=', keyId)
      .where('partition', '=', partition)
      .execute()
    if (capacity === null) continue
    await trx
      .insertInto('quota_limit')
      .values({ account_id: accountId, api_key_id: keyId, partition, capacity, restore_per_second })
      .execute()
  }
}
