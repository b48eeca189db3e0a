import type { IncomingHttpHeaders } from 'node:http'
import type { Clock } from '../clock.ts'
import type { Database } from '../database/connect.ts'
import { apiError } from '../errors.ts'
import type { Vault } from '../vault/vault.ts'
import { readCredentials } from './credentials.ts'
import { createKeyCache } from './key-cache.ts'
import { ANONYMOUS_PRINCIPAL, type Principal } from './principal.ts'
import { type KeyRecord, readKey } from './read-key.ts'
import { REVOCATIONS } from './revocations.ts'

/**
 * The WWW-Authenticate header of every answer with status 401, the same for all of them. Basic is understood as well and
 * not offered here: browsers would open a sign-in window of their own.
 */
export const WWW_AUTHENTICATE = 'Bearer realm="maat"'

export interface Authenticator {
  /**
   * Who sends these headers; anonymous where they present nothing. Answers at once for a key that was seen in the last 5 s.
   * Doubled headers have to arrive joined by a comma (http's `joinDuplicateHeaders`), not cut to the first.
   * @throws {ApiError} UNAUTHENTICATED, equal for malformed, unknown and wrong; KEY_EXPIRED and KEY_REVOKED once the
   * secret matched; UNAVAILABLE or DB_TIME_EXCEEDED when the database can not say. Thrown, or rejected with.
   */
  readonly authenticate: (
    headers: Pick<IncomingHttpHeaders, 'authorization'>,
  ) => Principal | Promise<Principal>
  /** Whether the key in these headers was a real one within the last hour, as far as this process knows. */
  readonly isAcquainted: (headers: Pick<IncomingHttpHeaders, 'authorization'>) => boolean
  /** Asks the database again for the key, or all keys of the account, with this id (UUID). */
  readonly forget: (id: string) => void
  /** Asks the database again for every key. */
  readonly clear: () => void
}

export interface AuthenticatorOptions {
  readonly database: Database
  readonly vault: Vault
  readonly clock: Clock
  /** Whom the owner of an expired or revoked key may turn to. */
  readonly contact?: string | null
}

export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { database, vault, clock, contact = null } = options
  const cache = createKeyCache({
    clock,
    read: (key) => readKey(database, vault.pepper.digest(key)),
  })

  function admit(record: KeyRecord | null, keyId: string | null): Principal {
    if (record === null) throw apiError('UNAUTHENTICATED')
    if (keyId !== null && keyId !== record.publicId) throw apiError('UNAUTHENTICATED')
    if (record.revocation !== null) throw keyRevoked(record.revocation, contact)
    if (record.expiresAtMs <= clock().getTime()) throw keyExpired(record.expiresAtMs, contact)
    return record.principal
  }

  return {
    authenticate({ authorization }) {
      const credentials = readCredentials(authorization)
      if (credentials.kind === 'none') return ANONYMOUS_PRINCIPAL
      if (credentials.kind === 'malformed') throw apiError('UNAUTHENTICATED')
      const { key, keyId } = credentials
      const found = cache.find(key)
      if (found instanceof Promise) return found.then((record) => admit(record, keyId))
      return admit(found, keyId)
    },
    isAcquainted({ authorization }) {
      const credentials = readCredentials(authorization)
      return credentials.kind === 'key' && cache.hasFound(credentials.key)
    },
    forget: (id) => cache.forget(id),
    clear: () => cache.clear(),
  }
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
