import { randomBytes } from 'node:crypto'
import { v7 } from 'uuid'
import type { Clock } from '../clock.ts'
import type { Database } from '../database/connect.ts'
import { readInput } from '../input-problems.ts'
import { sealRow } from '../vault/seal-row.ts'
import type { Vault } from '../vault/vault.ts'
import { formatKey, type RandomBytes } from './api-key.ts'
import {
  type CheckedKey,
  DEFAULT_LIFETIME_SECONDS,
  expiryAfter,
  KEY_LIFETIME,
  type KeyInput,
  type KeyLifetime,
  keySchema,
} from './key-input.ts'

export interface IssueKeyContext {
  readonly database: Pick<Database, 'kysely'>
  readonly vault: Vault
  readonly clock: Clock
  /** KEY_LIFETIME by default. */
  readonly lifetime?: KeyLifetime
  readonly random?: RandomBytes
}

/** UUID of the account that owns the key. */
interface Owned {
  readonly accountId: string
}

export type NewKey = KeyInput & Owned

type KeptKey = Omit<CheckedKey, 'level'> & Owned & { readonly level: number }

export interface IssuedKey {
  /** UUID. */
  readonly id: string
  /** The id as clients see it, `key_…`: the user of Basic. */
  readonly publicId: string
  /** The whole key text. It is nowhere else: whoever loses it makes a new key. */
  readonly secret: string
}

/**
 * Makes a key for the account and stores its digest and its sealed name.
 * @throws {ApiError} INPUT_INVALID with all problems at once; nothing is stored then
 */
export async function issueKey(context: IssueKeyContext, key: NewKey): Promise<IssuedKey> {
  const { database, clock, lifetime = KEY_LIFETIME } = context
  const now = clock()
  const { role } = await database.kysely
    .selectFrom('account')
    .select('role')
    .where('id', '=', key.accountId)
    .executeTakeFirstOrThrow()
  const checked = readInput(keySchema({ role, now, lifetime }), key)
  return storeKey({ ...context, clock: () => now }, { ...checked, accountId: key.accountId })
}

/** Stores a key of which is known that its account may have it. */
export async function storeKey(
  { database, vault, clock, lifetime = KEY_LIFETIME, random = randomBytes }: IssueKeyContext,
  { accountId, name, level, expiresAt, networks, origins }: KeptKey,
): Promise<IssuedKey> {
  const now = clock()
  const id = v7({ msecs: now.getTime() })
  const secret = formatKey(random)
  const { slug } = await database.kysely
    .insertInto('api_key')
    .values({
      id,
      account_id: accountId,
      ...sealRow(vault, 'api_key', { row: id, owner: accountId }, { name }),
      level,
      digest: vault.pepper.digest(secret),
      pepper_id: vault.pepper.id,
      networks: networks ?? [],
      origins: origins ?? [],
      expires_at: expiresAt ?? expiryAfter(DEFAULT_LIFETIME_SECONDS, { now, lifetime }),
      created_at: now,
      updated_at: now,
    })
    .returning('slug')
    .executeTakeFirstOrThrow()
  return { id, publicId: `key_${slug}`, secret }
}
