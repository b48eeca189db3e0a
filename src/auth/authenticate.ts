import type { IncomingHttpHeaders } from 'node:http'
import type { Clock } from '../clock.ts'
import type { Database } from '../database/connect.ts'
import { apiError } from '../errors.ts'
import type { Vault } from '../vault/vault.ts'
import { readCredentials } from './credentials.ts'
import { createCredentialCache } from './credential-cache.ts'
import { ANONYMOUS_PRINCIPAL, type Principal } from './principal.ts'
import type { Whereabouts } from './keys/place-restriction.ts'
import { stepInForce, suspended } from './interventions.ts'
import { type KeyRecord, readKey } from './read-key.ts'
import { readSession, type SessionRecord } from './read-session.ts'
import { hasCookie, readCookie } from './session-cookies.ts'
import type { VerifyToken } from './session-token/verified-token.ts'
import { REVOCATIONS } from './revocations.ts'

/**
 * The WWW-Authenticate header of every answer with status 401, the same for all of them. Basic is understood as well and
 * not offered here: browsers would open a sign-in window of their own.
 */
export const WWW_AUTHENTICATE = 'Bearer realm="maat"'

/** The fields of a request that prove who sends it. */
export type ProvingHeaders = Pick<IncomingHttpHeaders, 'authorization' | 'cookie'>

/** Where a request comes from, and whether it is one that may use cookies. */
export interface Provenance extends Whereabouts {
  readonly isCookieAllowed: boolean
}

export interface Authenticator {
  /**
   * Who sends these headers; anonymous where they present nothing. Answers at once for a credential that was seen in the last 5 s.
   * Doubled headers have to arrive joined by a comma (http's `joinDuplicateHeaders`), not cut to the first.
   * @throws {ApiError} UNAUTHENTICATED, equal for malformed, unknown and wrong; KEY_EXPIRED, KEY_REVOKED, KEY_RESTRICTED and,
   * while it is suspended, ACCOUNT_BLOCKED, once the secret matched; CREDENTIALS_CONFLICT; CSRF_REFUSED; UNAVAILABLE or DB_TIME_EXCEEDED when the database can not
   * say. Thrown, or rejected with.
   */
  readonly authenticate: (
    headers: ProvingHeaders,
    provenance?: Provenance,
  ) => Principal | Promise<Principal>
  /** Whether the credential in these headers was a real one within the last hour, as far as this process knows. */
  readonly isAcquainted: (headers: ProvingHeaders) => boolean
  /** Asks the database again for the key, the session, or all credentials of the account, with this id (UUID). */
  readonly forget: (id: string) => void
  /** Asks the database again for every credential. */
  readonly clear: () => void
}

export interface AuthenticatorOptions {
  readonly database: Database
  readonly vault: Vault
  readonly clock: Clock
  /** What tokens of sessions say; without it none is accepted. */
  readonly verifyToken?: VerifyToken
  /** Name of the cookie with the access token. */
  readonly accessCookie?: string
  /** Whom the owner of an expired or revoked key may turn to. */
  readonly contact?: string | null
}

const NOWHERE: Provenance = Object.freeze({
  address: null,
  origin: undefined,
  isCookieAllowed: false,
})

export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { database, vault, clock, verifyToken = refuseToken, contact = null } = options
  const { accessCookie = 'maat_access' } = options
  const keys = createCredentialCache({
    clock,
    read: (key: string) => readKey(database, vault.pepper.digest(key)),
  })
  const sessions = createCredentialCache({
    clock,
    read: async (token: string) => readSession(database, await verifyToken(token)),
  })

  function admitKey(
    record: KeyRecord | null,
    keyId: string | null,
    provenance: Provenance,
  ): Principal {
    if (record === null) throw apiError('UNAUTHENTICATED')
    if (keyId !== null && keyId !== record.publicId) throw apiError('UNAUTHENTICATED')
    if (record.revocation !== null) throw keyRevoked(record.revocation, contact)
    if (record.expiresAtMs <= clock().getTime()) throw keyExpired(record.expiresAtMs, contact)
    const restriction = record.restriction(provenance)
    if (restriction !== null) throw keyRestricted(restriction)
    const suspension = stepInForce(record.principal.interventions, 'suspension', clock().getTime())
    if (suspension !== null) throw suspended(suspension, contact)
    return record.principal
  }

  function admitSession(record: SessionRecord | null): Principal {
    if (record === null || record.expiresAtMs <= clock().getTime()) {
      throw apiError('UNAUTHENTICATED')
    }
    return record.principal
  }

  function ofToken(token: string): Principal | Promise<Principal> {
    const found = sessions.find(token)
    return found instanceof Promise ? found.then(admitSession) : admitSession(found)
  }

  return {
    authenticate({ authorization, cookie }, provenance = NOWHERE) {
      const credentials = readCredentials(authorization)
      if (hasCookie(cookie, accessCookie)) {
        if (credentials.kind !== 'none') throw apiError('CREDENTIALS_CONFLICT')
        if (!provenance.isCookieAllowed) throw apiError('CSRF_REFUSED')
        return ofToken(readCookie(cookie, accessCookie) ?? '')
      }
      if (credentials.kind === 'none') return ANONYMOUS_PRINCIPAL
      if (credentials.kind === 'malformed') throw apiError('UNAUTHENTICATED')
      if (credentials.kind === 'token') return ofToken(credentials.token)
      const { key, keyId } = credentials
      const found = keys.find(key)
      if (found instanceof Promise) {
        return found.then((record) => admitKey(record, keyId, provenance))
      }
      return admitKey(found, keyId, provenance)
    },
    isAcquainted({ authorization, cookie }) {
      const credentials = readCredentials(authorization)
      if (credentials.kind === 'key') return keys.hasFound(credentials.key)
      const token =
        credentials.kind === 'token' ? credentials.token : readCookie(cookie, accessCookie)
      return token !== null && sessions.hasFound(token)
    },
    forget(id) {
      keys.forget(id)
      sessions.forget(id)
    },
    clear() {
      keys.clear()
      sessions.clear()
    },
  }
}

function refuseToken(): Promise<never> {
  return Promise.reject(apiError('UNAUTHENTICATED'))
}

function keyRestricted(by: 'network' | 'origin') {
  const what = by === 'network' ? 'from this network' : 'by pages of this origin'
  return apiError('KEY_RESTRICTED', {
    message: `This API key may not be used ${what}. Its owner can change that.`,
    extensions: { restriction: by.toUpperCase() },
  })
}

function keyRevoked(reason: keyof typeof REVOCATIONS, contact: string | null) {
  return apiError('KEY_REVOKED', {
    message: `This API key was revoked. ${REVOCATIONS[reason]}`,
    extensions: { reason: reason.toUpperCase(), ...contactOf(contact) },
  })
}

function keyExpired(expiresAtMs: number, contact: string | null) {
  return apiError('KEY_EXPIRED', {
    extensions: { expiredAt: new Date(expiresAtMs).toISOString(), ...contactOf(contact) },
  })
}

function contactOf(contact: string | null): { readonly contact?: string } {
  return contact === null ? {} : { contact }
}
