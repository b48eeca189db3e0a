import { type KeyObject, sign } from 'node:crypto'

export interface TokenParts {
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: unknown
  /** An Ed25519 private key. */
  readonly key: KeyObject
}

/** A compact JWS of exactly this header and these claims, right or wrong, signed with this key. */
export function forgeToken({ header, claims, key }: TokenParts): string {
  const signed = `${encodePart(header)}.${encodePart(claims)}`
  return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`
}

/** A part of a compact JWS: the value as JSON, as base64url. */
export function encodePart(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
