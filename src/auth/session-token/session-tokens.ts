import { decodeProtectedHeader, exportJWK, type JWK, jwtVerify, SignJWT } from 'jose'
import { v4 } from 'uuid'
import type { Clock } from '../../clock.ts'
import { apiError } from '../../errors.ts'
import { formatId, uuidOf } from '../../ids.ts'
import type { SigningKeys } from './signing-keys.ts'

/** How long an access token proves a session. */
export const ACCESS_TOKEN_SECONDS = 600

export interface SessionTokens {
  /** A token that proves the session for ten minutes. */
  readonly issue: (session: SessionIds) => Promise<IssuedToken>
  /**
   * What a token of ours says. That the session is still open, it does not say.
   * @throws {ApiError} UNAUTHENTICATED, the same whatever is wrong with it
   */
  readonly verify: (token: string) => Promise<OwnToken>
  /** The public keys, as /.well-known/jwks.json answers them. */
  readonly jwks: () => Promise<{ readonly keys: readonly JWK[] }>
}

/** UUIDs. */
export interface SessionIds {
  readonly accountId: string
  readonly sessionId: string
}

export interface IssuedToken {
  readonly token: string
  readonly expiresAt: Date
}

export interface OwnToken extends SessionIds {
  readonly kind: 'own'
  readonly tokenId: string
  /** Milliseconds since 1970. */
  readonly expiresAtMs: number
}

export interface SessionTokenOptions {
  readonly keys: SigningKeys
  /** Address of this service: issuer and audience of its tokens. */
  readonly issuer: string
  readonly clock: Clock
}

/** No token of ours is longer, and nobody else's is read. */
export const TOKEN_CHARACTERS_MAX = 4096

const TYPE = 'at+jwt'
const ALGORITHM = 'EdDSA'
/** How far the clocks of gateways and issuers may be apart. */
export const CLOCK_TOLERANCE_SECONDS = 5

/** Tokens for the sessions of this service. @see https://www.rfc-editor.org/rfc/rfc9068 */
export function createSessionTokens({ keys, issuer, clock }: SessionTokenOptions): SessionTokens {
  return {
    async issue({ accountId, sessionId }) {
      const { id, privateKey } = keys.current()
      const issuedAt = Math.floor(clock().getTime() / 1000)
      const expiresAt = issuedAt + ACCESS_TOKEN_SECONDS
      const token = await new SignJWT({ sid: formatId('ses', sessionId) })
        .setProtectedHeader({ alg: ALGORITHM, typ: TYPE, kid: id })
        .setSubject(formatId('acc', accountId))
        .setIssuer(issuer)
        .setAudience(issuer)
        .setJti(v4())
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiresAt)
        .sign(privateKey)
      return { token, expiresAt: new Date(expiresAt * 1000) }
    },
    async verify(token) {
      const verified = await verify(token, { keys, issuer, clock }).catch(() => null)
      if (verified === null) throw apiError('UNAUTHENTICATED')
      return verified
    },
    async jwks() {
      const all = keys.all().map(async ({ id, publicKey }) => ({
        ...(await exportJWK(publicKey)),
        kid: id,
        alg: ALGORITHM,
        use: 'sig',
      }))
      return { keys: await Promise.all(all) }
    },
  }
}

/** null for any token that proves nothing; jose throws for most of them. */
async function verify(
  token: string,
  { keys, issuer, clock }: SessionTokenOptions,
): Promise<OwnToken | null> {
  if (token.length > TOKEN_CHARACTERS_MAX || !isCanonical(token)) return null
  const { kid } = decodeProtectedHeader(token)
  const key = kid === undefined ? null : keys.find(kid)
  if (key === null) return null
  const { payload } = await jwtVerify(token, key.publicKey, {
    algorithms: [ALGORITHM],
    issuer,
    audience: issuer,
    typ: TYPE,
    requiredClaims: ['sub', 'sid', 'jti', 'exp', 'iat'],
    maxTokenAge: ACCESS_TOKEN_SECONDS,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    currentDate: clock(),
  })
  const accountId = uuidOf('acc', payload.sub)
  const sessionId = uuidOf('ses', payload['sid'])
  const { jti, exp } = payload
  if (accountId === null || sessionId === null) return null
  if (typeof jti !== 'string' || exp === undefined) return null
  return { kind: 'own', accountId, sessionId, tokenId: jti, expiresAtMs: exp * 1000 }
}

/** Several texts decode to the same bytes: only the one that they are written as is a token. */
export function isCanonical(token: string): boolean {
  const parts = token.split('.')
  return (
    parts.length === 3 &&
    parts.every((part) => Buffer.from(part, 'base64url').toString('base64url') === part)
  )
}
