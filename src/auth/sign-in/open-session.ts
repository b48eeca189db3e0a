import type { Transaction } from 'kysely'
import { v7 } from 'uuid'
import { z } from 'zod'
import type { DB, SignInMethod } from '../../database/tables.generated.ts'
import { apiError } from '../../errors.ts'
import { formatId } from '../../ids.ts'
import { sealRow } from '../../vault/seal-row.ts'
import type { ActContext, Outcome } from '../act.ts'
import { recordAct } from '../../audit/record-act.ts'
import { digestSecret, formatSecret } from './one-time-secret.ts'

/** How a client gets what a session is proved with: in the answer, or as cookies that no script reads. */
export const deliverySchema = z.enum(['tokens', 'cookies'])
export type Delivery = z.infer<typeof deliverySchema>

/** A session that is not refreshed for so long has ended. */
export const SESSION_DAYS = 30
const DAY_MS = 86_400_000

/**
 * A request that asks for cookies may have them.
 * @throws {ApiError} CSRF_REFUSED where it does not come from an allowed origin, or does not say so
 */
export function assertDelivery({ caller }: Pick<ActContext, 'caller'>, delivery: Delivery): void {
  if (delivery === 'cookies' && !caller.isCookieAllowed) throw apiError('CSRF_REFUSED')
}

export interface SignedIn {
  readonly accountId: string
  readonly method: SignInMethod
  readonly delivery: Delivery
}

/** Opens a session for the account: what the answer tells of it, or its cookies. */
export async function openSession(
  trx: Transaction<DB>,
  context: ActContext,
  { accountId, method, delivery }: SignedIn,
): Promise<Outcome> {
  const { vault, caller, clock } = context
  const now = clock()
  const id = v7({ msecs: now.getTime() })
  await trx
    .insertInto('session')
    .values({
      id,
      account_id: accountId,
      ...sealRow(vault, 'session', { row: id, owner: accountId }, { device: caller.userAgent }),
      method,
      expires_at: sessionEnd(now),
      last_used_at: now,
      created_at: now,
    })
    .execute()
  await trx.updateTable('account').set({ last_seen_at: now }).where('id', '=', accountId).execute()
  await recordAct(trx, {
    accountId,
    actorId: accountId,
    actorKind: 'session',
    credentialId: id,
    action: 'sign-in',
    subject: formatId('ses', id),
    at: now,
  })
  return proveSession(trx, context, { accountId, sessionId: id, delivery })
}

export function sessionEnd(now: Date): Date {
  return new Date(now.getTime() + SESSION_DAYS * DAY_MS)
}

export interface ProvedSession {
  readonly accountId: string
  readonly sessionId: string
  readonly delivery: Delivery
}

/** A new pair of tokens for the session; the refresh token is good for one use. */
export async function proveSession(
  trx: Transaction<DB>,
  context: ActContext,
  { accountId, sessionId, delivery }: ProvedSession,
): Promise<Outcome> {
  const now = context.clock()
  const refreshToken = formatSecret('maat_rt_', context.random)
  await trx
    .insertInto('session_refresh')
    .values({ digest: digestSecret(refreshToken), session_id: sessionId, created_at: now })
    .execute()
  const { token: accessToken, expiresAt } = await context.tokens.issue({ accountId, sessionId })
  const values = {
    account: formatId('acc', accountId),
    session: formatId('ses', sessionId),
    accessTokenExpiresAt: expiresAt.toISOString(),
    refreshTokenExpiresAt: sessionEnd(now).toISOString(),
  }
  if (delivery === 'tokens') {
    return { type: 'SignedIn', values, secrets: { accessToken, refreshToken } }
  }
  context.setCookies({
    accessToken,
    refreshToken,
    accessSeconds: Math.floor((expiresAt.getTime() - now.getTime()) / 1000),
    refreshSeconds: SESSION_DAYS * 86_400,
  })
  return { type: 'SignedIn', values }
}
