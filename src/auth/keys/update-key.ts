import type { Kysely, Transaction } from 'kysely'
import { z } from 'zod'
import type { DB } from '../../database/tables.generated.ts'
import { readInput } from '../../input-problems.ts'
import { sealRow } from '../../vault/seal-row.ts'
import { LEVELS } from '../access.ts'
import { type ActContext, accountOf, type Asked, type Outcome } from '../act.ts'
import { idOf, idSchema } from '../id-schema.ts'
import { keyNameSchema } from '../key-input.ts'
import { problem } from '../problems.ts'
import { record } from '../record.ts'
import { transact } from '../transact.ts'
import { networksSchema, originsSchema } from './restrictions.ts'

const POINTS_MAX = 1_000_000_000
const points = z.int().min(1).max(POINTS_MAX, `A limit is a whole number from 1 to ${POINTS_MAX}.`)

/** What may be changed of the key that the input names. */
export async function updateKeySchema(context: ActContext, asked: Asked) {
  const { kysely } = context.database
  return schemaFor(await presentKey(kysely, accountOf(context), idOf(asked)))
}

/** Level and expiry only ever sink. */
function schemaFor(key: PresentKey | undefined) {
  return z.object({
    input: z.object({
      id: idSchema,
      name: keyNameSchema.optional(),
      level: loweredLevel(key?.level ?? LEVELS.length - 1).optional(),
      expiresAt: advancedExpiry(key?.expires_at).optional(),
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
}

interface PresentKey {
  readonly id: string
  readonly slug: string
  readonly level: number
  readonly expires_at: Date
  readonly revoked_at: Date | null
}

function loweredLevel(present: number) {
  return z
    .int()
    .min(0)
    .max(present, {
      error: ({ input }) =>
        `The level of a key never rises: accepted are 0 to ${present}, not ${String(input)}. Make another key.`,
    })
}

function advancedExpiry(present: Date | undefined) {
  if (present === undefined) return z.date()
  return z.date().max(present, {
    error: ({ input }) =>
      `The expiry of a key never moves away: accepted is up to ${present.toISOString()}, not ${(input as Date).toISOString()}. Rotate it.`, // passed z.date()
  })
}

type UpdateKey = z.infer<ReturnType<typeof schemaFor>>

/**
 * Changes an own live key: what is not given stays. Level and expiry only ever sink, and a limit of the key counts beside
 * all others, so that nothing of this makes a key stronger.
 * @throws {ApiError} INPUT_INVALID for a level or an expiry above the present one; nothing is stored then
 */
export function updateKey(context: ActContext, asked: UpdateKey): Promise<Outcome> {
  const accountId = accountOf(context)
  return transact(context, async (trx) => {
    const now = context.clock()
    const key = await presentKey(trx, accountId, asked.input.id, 'for update')
    // Again: another request may have lowered it since.
    const { input } = readInput(schemaFor(key), asked)
    if (key === undefined) return problem('NotFound')
    if (key.revoked_at !== null || key.expires_at <= now) return problem('KeyNotLive')
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

/** The key of this account with this id. */
function presentKey(
  kysely: Kysely<DB>,
  accountId: string,
  id: string | null,
  lock?: 'for update',
): Promise<PresentKey | undefined> {
  return kysely
    .selectFrom('api_key')
    .select(['id', 'slug', 'level', 'expires_at', 'revoked_at'])
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .$if(lock !== undefined, (query) => query.forUpdate())
    .executeTakeFirst()
}

async function setLimits(
  trx: Transaction<DB>,
  { accountId, keyId }: { readonly accountId: string; readonly keyId: string },
  { dayPoints, burst }: UpdateKey['input'],
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
