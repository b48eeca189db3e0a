import type { Transaction } from 'kysely'
import { z } from 'zod'
import type { DB, SignInMethod } from '../../database/tables.generated.ts'
import { normalizeLabel } from '../../vault/vault.ts'
import type { ActContext, Outcome } from '../act.ts'
import { problem } from '../problems.ts'
import { transact } from '../transact.ts'
import { takeGuess } from './guesses.ts'
import { secretSchema } from './input.ts'
import { makeLink, useLink } from './links.ts'
import { assertDelivery, type Delivery, deliverySchema, openSession } from './open-session.ts'

export const signInSchema = z.object({
  input: z.object({
    name: z.string().max(254, 'No name or address has more than 254 characters.'),
    password: z.string().max(1024, 'No password has more than 1024 characters.'),
    delivery: deliverySchema,
  }),
})

export const signInWithLinkSchema = z.object({
  input: z.object({ token: secretSchema, delivery: deliverySchema }),
})

/**
 * A session for whoever knows the password of the account with this username or address; where it has a second factor, a
 * challenge for it. A wrong password and a name that there is not take as long and answer the same.
 * @throws {ApiError} RATE_LIMITED, OVERLOADED
 */
export async function signIn(
  context: ActContext,
  { input }: z.infer<typeof signInSchema>,
): Promise<Outcome> {
  const { name, password, delivery } = input
  assertDelivery(context, delivery)
  const { caller, database, vault, passwords } = context
  await takeGuess(context, { kind: 'sign-in', account: name, address: caller.address })
  const known = await database.kysely
    .selectFrom('account')
    .leftJoin('credential', 'credential.account_id', 'account.id')
    .select(['account.id', 'credential.password_hash'])
    .where((eb) =>
      eb.or([
        eb('account.username_key', '=', normalizeLabel(name)),
        eb('account.label_index', '=', vault.labelIndex(name)),
      ]),
    )
    .limit(1)
    .executeTakeFirst()
  const { isRight, isOutdated } = await passwords.verify(password, known?.password_hash ?? null)
  if (known === undefined || !isRight) return problem('SignInFailed')
  const hashed = isOutdated ? await passwords.hash(password) : null
  return transact(context, async (trx) => {
    if (hashed !== null) {
      await trx
        .updateTable('credential')
        .set({ password_hash: hashed })
        .where('account_id', '=', known.id)
        .where('password_hash', '=', known.password_hash)
        .execute()
    }
    return enter(trx, context, { accountId: known.id, method: 'password', delivery })
  })
}

/** A session, or a challenge for the second factor, for whoever has the link. */
export async function signInWithLink(
  context: ActContext,
  { input }: z.infer<typeof signInWithLinkSchema>,
): Promise<Outcome> {
  const { token, delivery } = input
  assertDelivery(context, delivery)
  await takeGuess(context, { kind: 'sign-in', account: null, address: context.caller.address })
  return transact(context, async (trx) => {
    const link = await useLink(trx, context, { token, purpose: 'sign_in' })
    if (link === null) return problem('LinkInvalid')
    return enter(trx, context, { accountId: link.accountId, method: 'link', delivery })
  })
}

interface Entered {
  readonly accountId: string
  readonly method: SignInMethod
  readonly delivery: Delivery
}

async function enter(
  trx: Transaction<DB>,
  context: ActContext,
  entered: Entered,
): Promise<Outcome> {
  const { accountId, method } = entered
  const factor = await trx
    .selectFrom('second_factor')
    .select('id')
    .where('account_id', '=', accountId)
    .where('confirmed_at', 'is not', null)
    .executeTakeFirst()
  if (factor === undefined) return openSession(trx, context, entered)
  const link = { accountId, purpose: 'second_factor', carried: method } as const
  const { token, expiresAt } = await makeLink(trx, context, link)
  return {
    type: 'SecondFactorNeeded',
    values: { expiresAt: expiresAt.toISOString() },
    secrets: { challenge: token },
  }
}
