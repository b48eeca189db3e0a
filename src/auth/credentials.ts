import { parseKey } from './api-key.ts'

/** What the Authorization header presents, before anything is known of it. */
export type Credentials =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'key'
      readonly key: string
      /** The id that has to belong to this very key; null where none was sent. */
      readonly keyId: string | null
    }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'malformed' }

/**
 * Reads an API key from `Bearer <key>` or from `Basic base64(<key id>:<key>)`; a header that is present and is neither,
 * or is joined from several, is malformed. A Bearer text of three parts is the token of a session.
 */
export function readCredentials(authorization: string | undefined): Credentials {
  if (authorization === undefined) return NONE
  const gap = authorization.indexOf(' ')
  if (gap === -1) return MALFORMED
  const value = authorization.slice(gap + 1).trim()
  switch (authorization.slice(0, gap).toLowerCase()) {
    case 'bearer':
      return TOKEN.test(value) ? { kind: 'token', token: value } : keyCredentials(value, null)
    case 'basic':
      return readBasic(value)
    default:
      return MALFORMED
  }
}

const NONE: Credentials = Object.freeze({ kind: 'none' })
const MALFORMED: Credentials = Object.freeze({ kind: 'malformed' })
/** A JWS in its compact form, no longer than any of ours or of those that are trusted. */
const TOKEN = /^(?=.{1,4096}$)[\w-]+\.[\w-]+\.[\w-]*$/
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/

function readBasic(value: string): Credentials {
  // Buffer skips what is not base64 and stops at the first '=': a second header joined to this one would go unnoticed.
  if (!BASE64.test(value)) return MALFORMED
  const pair = Buffer.from(value, 'base64').toString('utf8')
  const colon = pair.indexOf(':')
  if (colon === -1) return MALFORMED
  return keyCredentials(pair.slice(colon + 1), pair.slice(0, colon))
}

function keyCredentials(key: string, keyId: string | null): Credentials {
  return parseKey(key).kind === 'key' ? { kind: 'key', key, keyId } : MALFORMED
}
