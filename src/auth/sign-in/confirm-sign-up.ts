import { z } from 'zod'
import { normalizeLabel } from '../../vault/vault.ts'
import type { ActContext, Asked, Outcome } from '../act.ts'
import { problem } from '../problems.ts'
import { transact } from '../transact.ts'
import { takeGuess } from './guesses.ts'
import { secretSchema, usernameSchema } from './input.ts'
import { ownerOfToken, useLink } from './links.ts'
import { assertDelivery, deliverySchema, openSession } from './open-session.ts'
import { type OwnNames, ownNames, ownPassword } from './own-names.ts'

/** What a confirmation may ask for, by the names of whoever the link is for. */
export async function confirmSignUpSchema(context: ActContext, asked: Asked) {
  const owner = await ownerOfToken(context, asked, 'confirm_sign_up')
  const names = asNamed(await ownNames(context, owner), asked)
  return z.object({
    input: z.object({
      token: secretSchema,
      consent: z.enum(['account', 'measurements']),
      username: usernameSchema.nullish(),
      password: ownPassword(names).nullish(),
      delivery: deliverySchema,
    }),
  })
}

/** Opens the account whose address the link confirms, with consent, and where they are given username and password. */
export async function confirmSignUp(
  context: ActContext,
  { input }: z.infer<Awaited<ReturnType<typeof confirmSignUpSchema>>>,
): Promise<Outcome> {
  const { token, consent, username, password, delivery } = input
  assertDelivery(context, delivery)
  await takeGuess(context, { kind: 'sign-in', account: null, address: context.caller.address })
  // Before the transaction: a connection is not held for it.
  const hashed = password == null ? null : await context.passwords.hash(password)
  return transact(context, async (trx) => {
    const link = await useLink(trx, context, { token, purpose: 'confirm_sign_up' })
    if (link === null) return problem('LinkInvalid')
    const { accountId } = link
    const now = context.clock()
    if (username != null) {
      const taken = await trx
        .selectFrom('account')
        .select('id')
        .where('username_key', '=', normalizeLabel(username))
        .where('id', '<>', accountId)
        .executeTakeFirst()
      if (taken !== undefined) return problem('UsernameTaken')
    }
    await trx
      .updateTable('account')
      .set((eb) => ({
        ...(username == null ? {} : { username, username_key: normalizeLabel(username) }),
        status: 'active',
        consent,
        updated_at: now,
        version: eb('version', '+', 1),
      }))
      .where('id', '=', accountId)
      .where('status', '=', 'inactive')
      .execute()
    if (password != null && hashed !== null) {
      await trx
        .insertInto('credential')
        .values({ account_id: accountId, password_hash: hashed, updated_at: now })
        .onConflict((conflict) =>
          conflict.column('account_id').doUpdateSet({ password_hash: hashed, updated_at: now }),
        )
        .execute()
    }
    return openSession(trx, context, { accountId, method: 'confirmation', delivery })
  })
}

/** The names that the account will have: a username that is asked for takes the place of the present one. */
function asNamed(names: OwnNames | null, asked: Asked): OwnNames | null {
  const { username } = NAMED.parse(asked).input
  return names === null ? null : { ...names, username: username ?? names.username }
}

const NAMED = z.object({ input: z.object({ username: z.string().nullish() }) })
