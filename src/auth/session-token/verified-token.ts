import type { OwnToken } from './session-tokens.ts'

/** What a token of another issuer says: which account its holder has here. */
export interface ExternalToken {
  readonly kind: 'external'
  readonly issuer: string
  /** UUID, or a username as it is compared. */
  readonly account: { readonly id: string } | { readonly usernameKey: string }
  /** Milliseconds since 1970. */
  readonly expiresAtMs: number
}

export type VerifiedToken = OwnToken | ExternalToken

/**
 * What a bearer token says, whoever issued it.
 * @throws {ApiError} UNAUTHENTICATED; UNAVAILABLE where the keys of its issuer are out of reach
 */
export type VerifyToken = (token: string) => Promise<VerifiedToken>
