import { randomBytes } from 'node:crypto'

import { z } from 'zod'

/** fields seals rows, index names them blindly, sessions signs tokens, pepper digests API keys. */
export const PURPOSES = ['fields', 'index', 'sessions', 'pepper'] as const
export type Purpose = (typeof PURPOSES)[number]

/** What a gateway keeps secret: for each purpose 32-byte keys by id, oldest first, and the one in use. The others open older values. */
export type KeyRing = Readonly<Record<Purpose, PurposeKeys>>

export interface PurposeKeys {
  readonly current: string
  readonly keys: ReadonlyMap<string, Buffer>
}

/** A ring of fresh random keys, one for each purpose. */
export function createKeyRing(): KeyRing {
  return { fields: onlyKey(), index: onlyKey(), sessions: onlyKey(), pepper: onlyKey() }
}

/** The same ring with a fresh key in use for this purpose; those before it stay, for what they sealed or signed. */
export function withFreshKey(ring: KeyRing, purpose: Purpose): KeyRing {
  const fresh = onlyKey()
  const keys = new Map([...ring[purpose].keys, ...fresh.keys])
  return { ...ring, [purpose]: { current: fresh.current, keys } }
}

/** The same ring without these keys of this purpose. The one in use stays in any case. */
export function withoutKeys(ring: KeyRing, purpose: Purpose, ids: ReadonlySet<string>): KeyRing {
  const { current, keys } = ring[purpose]
  const kept = [...keys].filter(([id]) => id === current || !ids.has(id))
  return { ...ring, [purpose]: { current, keys: new Map(kept) } }
}

/** The ring as the text of a key file. */
export function printKeyRing(ring: KeyRing): string {
  const purposes = Object.fromEntries(
    PURPOSES.map((purpose) => {
      const { current, keys } = ring[purpose]
      const texts = [...keys].map(([id, key]) => [id, key.toString('base64')])
      return [purpose, { current, keys: Object.fromEntries(texts) }]
    }),
  )
  return `${JSON.stringify({ version: VERSION, purposes }, null, 2)}\n`
}

/** The ring that a key file's text holds, or why it holds none; never quotes the text. */
export function parseKeyRing(
  text: string,
): { readonly ring: KeyRing } | { readonly problem: 'not JSON' | 'foreign' | 'newer' } {
  const content = parseJson(text)
  if (content === undefined) return { problem: 'not JSON' }
  const version = versionSchema.safeParse(content)
  if (!version.success) return { problem: 'foreign' }
  if (version.data.version > VERSION) return { problem: 'newer' }
  const file = fileSchema.safeParse(content)
  return file.success ? { ring: file.data.purposes } : { problem: 'foreign' }
}

const VERSION = 1
const KEY_BYTES = 32

const versionSchema = z.object({ version: z.int().min(1), purposes: z.unknown() })

const keySchema = z
  .string()
  .transform((text) => ({ text, key: Buffer.from(text, 'base64') }))
  // Buffer.from skips what is not base64; only text that reads back the same is a key.
  .refine(({ text, key }) => key.length === KEY_BYTES && key.toString('base64') === text)
  .transform(({ key }) => key)

const purposeSchema = z
  .strictObject({
    current: z.string(),
    keys: z.record(z.string().regex(/^[a-z][a-z0-9]{0,15}$/), keySchema),
  })
  .transform(({ current, keys }) => ({ current, keys: new Map(Object.entries(keys)) }))
  .refine(({ current, keys }) => keys.has(current))

const fileSchema = z.strictObject({
  version: z.literal(VERSION),
  purposes: z.strictObject({
    fields: purposeSchema,
    index: purposeSchema,
    sessions: purposeSchema,
    pepper: purposeSchema,
  }),
})

function onlyKey(): PurposeKeys {
  // A letter first: an object would move a name that reads as a number before those that are older.
  const id = `k${randomBytes(4).toString('hex')}`
  return { current: id, keys: new Map([[id, randomBytes(KEY_BYTES)]]) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's message quotes the text, which may hold keys.
    return undefined
  }
}
