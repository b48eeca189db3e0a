import { base58 } from '@scure/base'

/** Id prefix -> what it names. `node` routes by it. */
export const ID_PREFIXES = {
  acc: 'account',
  set: 'measurement_set',
  pat: 'pattern',
  cur: 'curated_set',
  sug: 'curated_suggestion',
  key: 'api_key',
  bkm: 'bookmark',
  ses: 'session',
  aud: 'audit',
  exp: 'bulk_export',
  itv: 'intervention',
  lim: 'limit_request',
} as const

export type IdPrefix = keyof typeof ID_PREFIXES

export interface ParsedId {
  readonly prefix: IdPrefix
  readonly uuid: string
}

/** The URL-safe id that clients see: `<prefix>_<base58 of the 16 bytes>`. */
export function formatId(prefix: IdPrefix, uuid: string): string {
  return `${prefix}_${base58.encode(Buffer.from(uuid.replaceAll('-', ''), 'hex'))}`
}

/** What an id names; null for anything that is not the one spelling of an id. Base58 of 16 bytes has 16 to 22 digits. */
export function parseId(id: string): ParsedId | null {
  const match = /^([a-z]{3})_([1-9A-HJ-NP-Za-km-z]{16,22})$/.exec(id)
  const [, prefix = '', digits = ''] = match ?? []
  if (!isIdPrefix(prefix)) return null
  const bytes = base58.decode(digits)
  // Every 16 bytes can stand here, also those that are no UUID of RFC 9562: the database only compares them.
  return bytes.length === 16 ? { prefix, uuid: hexUuid(bytes) } : null
}

/** The uuid of an id with this prefix; null for any other id. */
export function uuidOf(prefix: IdPrefix, id: unknown): string | null {
  const parsed = typeof id === 'string' ? parseId(id) : null
  return parsed?.prefix === prefix ? parsed.uuid : null
}

function isIdPrefix(text: string): text is IdPrefix {
  return Object.hasOwn(ID_PREFIXES, text)
}

function hexUuid(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
