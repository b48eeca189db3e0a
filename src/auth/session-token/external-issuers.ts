import {
  createRemoteJWKSet,
  customFetch,
  decodeJwt,
  jwtVerify,
  type JWTVerifyResult,
  type RemoteJWKSet,
} from 'jose'
import type { Clock } from '../../clock.ts'
import type { Issuer } from '../../config.ts'
import { apiError, ApiError } from '../../errors.ts'
import { uuidOf } from '../../ids.ts'
import { normalizeLabel } from '../../vault/vault.ts'
import { createFetchKeys } from './fetch-keys.ts'
import { CLOCK_TOLERANCE_SECONDS, isCanonical, TOKEN_CHARACTERS_MAX } from './session-tokens.ts'
import type { ExternalToken, VerifyToken } from './verified-token.ts'

export interface ExternalIssuerOptions {
  readonly issuers: readonly Issuer[]
  readonly clock: Clock
  /** Told why the keys of an issuer could not be had, at most once in 5 s for each. */
  readonly onAway?: (issuer: string, error: unknown) => void
}

const ALGORITHMS = ['EdDSA', 'ES256', 'RS256', 'PS256']
/** What an issuer calls its tokens. Other kinds that it signs for us as audience, such as notices of a sign-out, are none. */
const TYPES: ReadonlySet<string> = new Set(['jwt', 'at+jwt', 'application/at+jwt'])
/** What can be an account's id or username; no control characters, which the database would refuse. */
const NAME = /^[^\p{Cc}]{1,100}$/u
/** Nobody can end such a token here, so none is good for longer. */
const MAX_TOKEN_AGE = '24h'

const KEYS = {
  /** For how long keys are used without being asked for again. */
  cacheMaxAge: 600_000,
  /** How soon after an answer an unknown key may be asked for. */
  cooldownDuration: 30_000,
  timeoutDuration: 2000,
} as const

/** An issuer and where to find its keys. */
interface KnownIssuer extends Issuer {
  readonly keys: RemoteJWKSet
}

/**
 * Verifies the tokens of the configured issuers against their published keys; null for a token that names none of them.
 * While an issuer is away, the keys that were fetched from it go on for ten minutes; then its tokens are UNAVAILABLE, neither
 * good nor bad. Whatever else is wrong with a token, it is UNAUTHENTICATED.
 */
export function createExternalIssuers(
  options: ExternalIssuerOptions,
): (token: string) => Promise<ExternalToken> | null {
  const { issuers, clock, onAway = () => {} } = options
  const known = new Map(
    issuers.map((issuer): [string, KnownIssuer] => {
      const onIssuerAway = (error: unknown): void => onAway(issuer.issuer, error)
      const fetchKeys = createFetchKeys({ clock, onAway: onIssuerAway })
      const keys = createRemoteJWKSet(new URL(issuer.jwks), { ...KEYS, [customFetch]: fetchKeys })
      return [issuer.issuer, { ...issuer, keys }]
    }),
  )
  return (token) => {
    if (token.length > TOKEN_CHARACTERS_MAX || !isCanonical(token)) return null
    // Only looked up: what it says is believed once the signature of that very issuer has been checked.
    const issuer = known.get(issuerOf(token) ?? '')
    return issuer === undefined ? null : verify(token, issuer, clock())
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
    return decodeJwt(token).iss ?? null
  } catch {
    // No claims: whoever verifies it says so.
    return null
  }
}

async function verify(token: string, issuer: KnownIssuer, now: Date): Promise<ExternalToken> {
  const { keys, audience, claim } = issuer
  const verified = await jwtVerify(token, keys, {
    algorithms: ALGORITHMS,
    issuer: issuer.issuer,
    audience,
    requiredClaims: ['exp', 'iat', claim],
    maxTokenAge: MAX_TOKEN_AGE,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    currentDate: now,
  }).catch((error: unknown) => {
    // Every error of ours says that the keys could not be had; the others are about the token, and told to nobody.
    throw error instanceof ApiError ? error : apiError('UNAUTHENTICATED')
  })
  const read = readClaims(verified, issuer)
  if (read === null) throw apiError('UNAUTHENTICATED')
  return read
}

/** null where the token is of another kind, or names no account. */
function readClaims(
  { payload, protectedHeader }: JWTVerifyResult,
  { issuer, claim }: Issuer,
): ExternalToken | null {
  const { exp } = payload
  const name = payload[claim]
  if (!TYPES.has((protectedHeader.typ ?? 'JWT').toLowerCase())) return null
  if (exp === undefined || typeof name !== 'string' || !NAME.test(name)) return null
  const id = uuidOf('acc', name)
  return {
    kind: 'external',
    issuer,
    account: id === null ? { usernameKey: normalizeLabel(name) } : { id },
    expiresAtMs: exp * 1000,
  }
}
