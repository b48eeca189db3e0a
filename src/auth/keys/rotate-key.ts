import { z } from 'zod'
import { place } from '../../vault/sealed-rows.ts'
import { type ActContext, accountOf, type Outcome } from '../act.ts'
import { idSchema } from '../id-schema.ts'
import { issueKey } from '../issue-key.ts'
import { problem } from '../problems.ts'
import { record } from '../record.ts'
import { transactOnce } from '../transact.ts'
import { hasTooMany } from './create-key.ts'

/** Seconds for which a key goes on beside the one that takes its place. */
export const GRACE = { secondsMax: 7 * 86_400, secondsDefault: 86_400 } as const

export const rotateKeySchema = z.object({
  input: z.object({
    id: idSchema,
    graceSeconds: z
      .int()
      .min(0)
      .max(GRACE.secondsMax, `A key goes on for at most ${GRACE.secondsMax} seconds.`)
      .nullish(),
    expiresAt: z.date().nullish(),
  }),
})

/**
 * Makes a key that takes the place of an own live one: of the same name, level and restrictions, and where no expiry is
 * asked for, of the same length of life. Both work until the grace period ends.
 * @throws {ApiError} INPUT_INVALID, also where the role no longer gives the level; nothing is stored then
 */
export function rotateKey(
  context: ActContext,
  { input }: z.infer<typeof rotateKeySchema>,
): Promise<Outcome> {
  const accountId = accountOf(context)
  const { vault } = context
  return transactOnce(context, input, async (trx) => {
    const now = context.clock()
    const old = await trx
      .selectFrom('api_key')
      .selectAll()
      .where('id', '=', input.id)
      .where('account_id', '=', accountId)
      .executeTakeFirst()
    if (old === undefined) return problem('NotFound')
    if (await hasTooMany(trx, accountId, now)) return problem('TooManyKeys')
    // Not before the account is locked: another rotation may have come first.
    const isLive = await trx
      .selectFrom('api_key')
      .select('id')
      .where('id', '=', old.id)
      .where('revoked_at', 'is', null)
      .where('replaced_by_id', 'is', null)
      .where('expires_at', '>', now)
      .executeTakeFirst()
    if (isLive === undefined) return problem('KeyNotLive')
    const lifeMs = old.expires_at.getTime() - old.created_at.getTime()
    const issued = await issueKey(
      { ...context, database: { kysely: trx }, inputPath: 'input' },
      {
        accountId,
        name: vault.open(old.label, place('api_key', 'label', { row: old.id, owner: accountId })),
        level: old.level,
        expiresAt: input.expiresAt ?? new Date(now.getTime() + lifeMs),
        networks: old.networks,
        origins: old.origins,
      },
    )
    const graceMs = (input.graceSeconds ?? GRACE.secondsDefault) * 1000
    const goesOnUntil = new Date(Math.min(old.expires_at.getTime(), now.getTime() + graceMs))
    await trx
      .updateTable('api_key')
      .set((eb) => ({
        replaced_by_id: issued.id,
        expires_at: goesOnUntil,
        updated_at: now,
        version: eb('version', '+', 1),
      }))
      .where('id', '=', old.id)
      .execute()
    await trx
      .insertInto('quota_limit')
      .columns([
        'account_id',
        'api_key_id',
        'partition',
        'capacity',
        'restore_per_second',
        'valid_until',
      ])
      .expression((eb) =>
        eb
          .selectFrom('quota_limit')
          .select((row) => [
            'account_id',
            row.val(issued.id).$castTo<string>().as('api_key_id'),
            'partition',
            'capacity',
            'restore_per_second',
            'valid_until',
          ])
          .where('api_key_id', '=', old.id),
      )
      .execute()
    await record(trx, context, {
      accountId,
      action: 'rotate-api-key',
      subject: `key_${old.slug}`,
    })
    return {
      type: 'RotateApiKeyPayload',
      rows: { apiKey: issued.id, replaced: old.id },
      secrets: { secret: issued.secret },
    }
  })
}
