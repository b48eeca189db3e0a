import { createRemoteJWKSet, decodeJwt, errors, jwtVerify } from 'jose'
import type { Clock } from '../../clock.ts'
import type { Issuer } from '../../config.ts'
import { apiError } from '../../errors.ts'
import { uuidOf } from '../../ids.ts'
import { normalizeLabel } from '../../vault/vault.ts'
import { isCanonical, TOKEN_CHARACTERS_MAX } from './session-tokens.ts'
import type { ExternalToken, VerifyToken } from './verified-token.ts'

export interface ExternalIssuerOptions {
  readonly issuers: readonly Issuer[]
  readonly clock: Clock
  /** For how long keys are used without being asked for again, in ms. */
  readonly cacheMs?: number
  /** How soon after one question for keys there may be another, in ms. */
  readonly cooldownMs?: number
}

const ALGORITHMS = ['EdDSA', 'ES256', 'ES384', 'RS256', 'PS256']
const CACHE_MS = 600_000
const COOLDOWN_MS = 30_000
const WAIT_MS = 2000

/**
 * Verifies the tokens of the configured issuers against their published keys; null for a token that names none of them.
 * While an issuer is away, the keys that were fetched from it go on for ten minutes; then its tokens are neither good nor bad.
 */
export function createExternalIssuers(
  options: ExternalIssuerOptions,
): (token: string) => Promise<ExternalToken> | null {
  const { issuers, clock, cacheMs = CACHE_MS, cooldownMs = COOLDOWN_MS } = options
  const known = new Map(
    issuers.map((issuer) => [
      issuer.issuer,
      {
        ...issuer,
        keys: createRemoteJWKSet(new URL(issuer.jwks), {
          cacheMaxAge: cacheMs,
          cooldownDuration: cooldownMs,
          timeoutDuration: WAIT_MS,
        }),
      },
    ]),
  )

  return (token) => {
    // Only looked up: what it says is believed once the signature of that very issuer has been checked.
    const named = known.get(issuerOf(token) ?? '')
    return named === undefined ? null : verify(named)

    async function verify({ keys, issuer, audience, claim }: NonNullable<typeof named>) {
      if (token.length > TOKEN_CHARACTERS_MAX || !isCanonical(token))
        throw apiError('UNAUTHENTICATED')
      try {
        const { payload } = await jwtVerify(token, keys, {
          algorithms: ALGORITHMS,
          issuer,
          audience,
          requiredClaims: ['exp', 'iat', claim],
          clockTolerance: 5,
          currentDate: clock(),
        })
        const name = payload[claim]
        const { exp } = payload
        if (typeof name !== 'string' || name === '' || exp === undefined) {
          throw apiError('UNAUTHENTICATED')
        }
        const id = uuidOf('acc', name)
        const account = id === null ? { usernameKey: normalizeLabel(name) } : { id }
        return { kind: 'external', issuer, account, expiresAtMs: exp * 1000 } as const
      } catch (error) {
        throw apiError(isAway(error) ? 'UNAVAILABLE' : 'UNAUTHENTICATED')
      }
    }
  }
}

/** Reads any token: ours, and those of the configured issuers. */
export function createTokenReader(
  verifyOwn: VerifyToken,
  external: ReturnType<typeof createExternalIssuers>,
): VerifyToken {
  return (token) => external(token) ?? verifyOwn(token)
}

function issuerOf(token: string): string | null {
  try {
    return token.length > TOKEN_CHARACTERS_MAX ? null : (decodeJwt(token).iss ?? null)
  } catch {
    return null
  }
}

/** Whether the keys could not be had; everything else is the token's own fault. */
function isAway(error: unknown): boolean {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid) return true
  // jose says no more of an answer that is not 200, or is no JSON; fetch throws a TypeError where nobody answers.
  if (error instanceof errors.JOSEError) return error.code === 'ERR_JOSE_GENERIC'
  return error instanceof TypeError
}
