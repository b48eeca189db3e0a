import type { Transaction } from 'kysely'
import { v7 } from 'uuid'
import { z } from 'zod'
import type { DB } from '../../database/tables.generated.ts'
import { sealRow } from '../../vault/seal-row.ts'
import { place } from '../../vault/sealed-rows.ts'
import { type ActContext, accountOf, type Outcome } from '../act.ts'
import { problem } from '../problems.ts'
import { record } from '../record.ts'
import { transact } from '../transact.ts'
import { takeGuess } from './guesses.ts'
import { secretSchema } from './input.ts'
import { digestSecret, parseSecret } from './one-time-secret.ts'
import { assertDelivery, deliverySchema, openSession } from './open-session.ts'
import { digestRecoveryCode, formatRecoveryCodes } from './recovery-codes.ts'
import { addressOf, tell } from './tell.ts'
import { newTotpSecret, otpauthUri, verifyTotp } from './totp.ts'

const codeSchema = z.string().max(64, 'No code has more than 64 characters.')

export const verifyTotpSchema = z.object({
  input: z.object({ challenge: secretSchema, code: codeSchema, delivery: deliverySchema }),
})
export const enableTotpSchema = z.object({ input: z.object({ code: codeSchema.nullish() }) })
export const disableTotpSchema = z.object({ input: z.object({ code: codeSchema }) })

/** A session for whoever has passed the first factor, and now the second: a code of this moment, or a recovery code, once. */
export async function verifySecondFactor(
  context: ActContext,
  { input }: z.infer<typeof verifyTotpSchema>,
): Promise<Outcome> {
  const { challenge, code, delivery } = input
  assertDelivery(context, delivery)
  const { database, clock } = context
  const link =
    parseSecret('maat_lk_', challenge) === null
      ? undefined
      : await database.kysely
          .selectFrom('one_time_link')
          .select(['id', 'account_id', 'label'])
          .where('digest', '=', digestSecret(challenge))
          .where('purpose', '=', 'second_factor')
          .where('used_at', 'is', null)
          .where('expires_at', '>', clock())
          .executeTakeFirst()
  await takeGuess(context, {
    kind: 'second-factor',
    account: link?.account_id ?? null,
    address: context.caller.address,
  })
  if (link === undefined) return problem('SignInFailed')
  const accountId = link.account_id
  return transact(context, async (trx) => {
    if (!(await passesSecondFactor(trx, context, { accountId, code }))) {
      return problem('SecondFactorWrong')
    }
    const used = await trx
      .updateTable('one_time_link')
      .set({ used_at: clock() })
      .where('id', '=', link.id)
      .where('used_at', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (used === undefined) return problem('SignInFailed')
    const where = place('one_time_link', 'label', { row: link.id, owner: accountId })
    const method = context.vault.open(link.label, where) === 'link' ? 'link' : 'password'
    return openSession(trx, context, { accountId, method, delivery })
  })
}

/**
 * Without a code: a new secret for an authenticator, not in force yet. With a code made from it: from now on it is asked for
 * at each sign-in, and the recovery codes are told, once.
 */
export async function enableTotp(
  context: ActContext,
  { input }: z.infer<typeof enableTotpSchema>,
): Promise<Outcome> {
  const accountId = accountOf(context)
  const { vault, clock, random } = context
  const { code } = input
  if (code != null)
    await takeGuess(context, { kind: 'second-factor', account: accountId, address: null })
  return transact(context, async (trx) => {
    const now = clock()
    const factor = await readFactor(trx, context, accountId)
    if (factor !== null && factor.confirmed_at !== null) return problem('SecondFactorState')
    if (code == null) {
      const id = v7({ msecs: now.getTime() })
      const secret = newTotpSecret(random)
      await trx.deleteFrom('second_factor').where('account_id', '=', accountId).execute()
      await trx
        .insertInto('second_factor')
        .values({
          id,
          account_id: accountId,
          ...sealRow(vault, 'second_factor', { row: id, owner: accountId }, { secret }),
          created_at: now,
        })
        .execute()
      const account = await addressOf(trx, vault, accountId)
      const uri = otpauthUri({ secret, account, issuer: 'Maat' })
      return { type: 'EnableTotpPayload', values: { enabled: false }, secrets: { secret, uri } }
    }
    if (factor === null) return problem('SecondFactorState')
    const step = verifyTotp(factor.secret, code, { atMs: now.getTime(), lastStep: 0 })
    if (step === null) return problem('SecondFactorWrong')
    const { codes, digests } = formatRecoveryCodes(random)
    await trx
      .updateTable('second_factor')
      .set({ confirmed_at: now, last_step: step, recovery_digests: [...digests] })
      .where('id', '=', factor.id)
      .execute()
    await setMfa(trx, { accountId, enabled: true, at: now })
    await record(trx, context, { accountId, action: 'enable-totp' })
    await tell(trx, context, { accountId, kind: 'second-factor-enabled', details: { at: now } })
    return {
      type: 'EnableTotpPayload',
      values: { enabled: true, recoveryCodes: codes },
    }
  })
}

/** The account signs in without a second factor from now on; it takes a code of this moment, or a recovery code. */
export async function disableTotp(
  context: ActContext,
  { input }: z.infer<typeof disableTotpSchema>,
): Promise<Outcome> {
  const accountId = accountOf(context)
  await takeGuess(context, { kind: 'second-factor', account: accountId, address: null })
  return transact(context, async (trx) => {
    const now = context.clock()
    const factor = await readFactor(trx, context, accountId)
    if (factor === null || factor.confirmed_at === null) return problem('SecondFactorState')
    if (!(await passesSecondFactor(trx, context, { accountId, code: input.code }))) {
      return problem('SecondFactorWrong')
    }
    await trx.deleteFrom('second_factor').where('account_id', '=', accountId).execute()
    await setMfa(trx, { accountId, enabled: false, at: now })
    await record(trx, context, { accountId, action: 'disable-totp' })
    await tell(trx, context, { accountId, kind: 'second-factor-disabled', details: { at: now } })
    return { type: 'DisableTotpPayload', values: { enabled: false } }
  })
}

/** Whether this is a code of this moment, or one of the recovery codes: from now on it is none. */
export async function passesSecondFactor(
  trx: Transaction<DB>,
  context: Pick<ActContext, 'vault' | 'clock'>,
  { accountId, code }: { readonly accountId: string; readonly code: string },
): Promise<boolean> {
  const factor = await readFactor(trx, context, accountId)
  if (factor === null || factor.confirmed_at === null) return false
  const atMs = context.clock().getTime()
  const step = verifyTotp(factor.secret, code, { atMs, lastStep: Number(factor.last_step) })
  if (step !== null) {
    await trx
      .updateTable('second_factor')
      .set({ last_step: step })
      .where('id', '=', factor.id)
      .execute()
    return true
  }
  const digest = digestRecoveryCode(code)
  const left = factor.recovery_digests.filter((known) => digest === null || !known.equals(digest))
  if (left.length === factor.recovery_digests.length) return false
  await trx
    .updateTable('second_factor')
    .set({ recovery_digests: left })
    .where('id', '=', factor.id)
    .execute()
  return true
}

/** Locked: no code is taken twice. */
async function readFactor(
  trx: Transaction<DB>,
  { vault }: Pick<ActContext, 'vault'>,
  accountId: string,
) {
  const factor = await trx
    .selectFrom('second_factor')
    .select(['id', 'label', 'confirmed_at', 'last_step', 'recovery_digests'])
    .where('account_id', '=', accountId)
    .forUpdate()
    .executeTakeFirst()
  if (factor === undefined) return null
  const where = place('second_factor', 'label', { row: factor.id, owner: accountId })
  return { ...factor, secret: vault.open(factor.label, where) }
}

async function setMfa(
  trx: Transaction<DB>,
  set: { readonly accountId: string; readonly enabled: boolean; readonly at: Date },
): Promise<void> {
  await trx
    .updateTable('account')
    .set((eb) => ({
      mfa_enabled: set.enabled,
      updated_at: set.at,
      version: eb('version', '+', 1),
    }))
    .where('id', '=', set.accountId)
    .execute()
}
