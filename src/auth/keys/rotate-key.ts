import { z } from 'zod'
import { place } from '../../vault/sealed-rows.ts'
import { ROLE_CAPS } from '../access.ts'
import { type ActContext, accountOf, type Asked, type Outcome } from '../act.ts'
import { idOf, idSchema } from '../id-schema.ts'
import { storeKey } from '../issue-key.ts'
import { expiryAfter, expirySchema } from '../key-input.ts'
import { problem } from '../problems.ts'
import { record } from '../record.ts'
import { transactOnce } from '../transact.ts'
import { hasTooMany } from './create-key.ts'

/** Seconds for which a key goes on beside the one that takes its place. */
export const GRACE = { secondsMax: 7 * 86_400, secondsDefault: 86_400 } as const

/** What a rotation may ask for: the role has to give the level of the key. */
export async function rotateKeySchema(context: ActContext, asked: Asked) {
  const accountId = accountOf(context)
  const { kysely } = context.database
  const { role, level } = await kysely
    .selectFrom('account')
    .leftJoin('api_key', (join) =>
      join.onRef('api_key.account_id', '=', 'account.id').on('api_key.id', '=', idOf(asked)),
    )
    .select(['account.role', 'api_key.level'])
    .where('account.id', '=', accountId)
    .executeTakeFirstOrThrow()
  const cap = ROLE_CAPS[role]
  return z.object({
    input: z.object({
      id: idSchema.refine(() => level === null || level <= cap, {
        error: `The key has level ${level}, and an account with the role ${role} gives those up to ${cap}. Make another key.`,
      }),
      graceSeconds: z
        .int()
        .min(0)
        .max(GRACE.secondsMax, `A key goes on for at most ${GRACE.secondsMax} seconds.`)
        .nullish(),
      expiresAt: expirySchema(context.clock(), context.lifetime).nullish(),
    }),
  })
}

/**
 * Makes a key that takes the place of an own live one: of the same name, level and restrictions, and where no expiry is
 * asked for, of the same length of life. Both work until the grace period ends.
 */
export function rotateKey(
  context: ActContext,
  { input }: z.infer<Awaited<ReturnType<typeof rotateKeySchema>>>,
): Promise<Outcome> {
  const accountId = accountOf(context)
  const { lifetime, vault } = context
  return transactOnce(context, async (trx) => {
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
    const lifeSeconds = (old.expires_at.getTime() - old.created_at.getTime()) / 1000
    const issued = await storeKey(
      { ...context, clock: () => now, database: { kysely: trx } },
      {
        accountId,
        name: vault.open(old.label, place('api_key', 'label', { row: old.id, owner: accountId })),
        level: old.level,
        expiresAt: input.expiresAt ?? expiryAfter(lifeSeconds, { now, lifetime }),
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
