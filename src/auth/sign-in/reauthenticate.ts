import { type ActContext, accountOf } from '../act.ts'
import { takeGuess } from './guesses.ts'

/** An account without a password proves who it is by a session that is younger than this. */
const FRESH_MS = 10 * 60_000

/**
 * Whether whoever holds the session also knows the account's password, or where it has none, has signed in just now.
 * @throws {ApiError} RATE_LIMITED, OVERLOADED
 */
export async function isReauthenticated(
  context: ActContext,
  password: string | null,
): Promise<boolean> {
  const accountId = accountOf(context)
  const { database, principal, clock, passwords } = context
  await takeGuess(context, { kind: 'sign-in', account: accountId, address: null })
  const known = await database.kysely
    .selectFrom('credential')
    .select('password_hash')
    .where('account_id', '=', accountId)
    .executeTakeFirst()
  if (known !== undefined) {
    return (await passwords.verify(password ?? '', known.password_hash)).isRight
  }
  if (principal.sessionId === null) return false
  const session = await database.kysely
    .selectFrom('session')
    .select('created_at')
    .where('id', '=', principal.sessionId)
    .executeTakeFirst()
  return session !== undefined && clock().getTime() - session.created_at.getTime() < FRESH_MS
}
