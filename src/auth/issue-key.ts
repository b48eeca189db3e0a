import { randomBytes } from 'node:crypto'
import { v7 } from 'uuid'
import type { Clock } from '../clock.ts'
import type { Database } from '../database/connect.ts'
import { apiError } from '../errors.ts'
import { sealRow } from '../vault/seal-row.ts'
import type { Vault } from '../vault/vault.ts'
import { formatKey, type RandomBytes } from './api-key.ts'
import {
  type CheckedKeyInput,
  checkKeyInput,
  KEY_LIFETIME,
  type KeyInput,
  type KeyLifetime,
} from './key-input.ts'

export interface IssueKeyContext {
  readonly database: Pick<Database, 'kysely'>
  readonly vault: Vault
  readonly clock: Clock
  /** KEY_LIFETIME by default. */
  readonly lifetime?: KeyLifetime
  readonly random?: RandomBytes
  /** Where the key stands in what was asked for; at the top by default. */
  readonly inputPath?: string
}

export interface NewKey extends KeyInput {
  /** UUID of the account that owns the key. */
  readonly accountId: string
}

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
  const check = checkKeyInput(key, { role, now, lifetime })
  if (check.kind === 'invalid') {
    const message = check.problems.map((problem) => problem.message).join(' ')
    const { inputPath } = context
    const problems = check.problems.map((problem) => ({
      ...problem,
      path: [inputPath, problem.path].filter((part) => part !== undefined).join('.'),
    }))
    throw apiError('INPUT_INVALID', { message, problems })
  }
  return storeKey(context, key, { ...check.input, now })
}

async function storeKey(
  { database, vault, random = randomBytes }: IssueKeyContext,
  { accountId, networks = [], origins = [] }: NewKey,
  { name, level, expiresAt, now }: CheckedKeyInput & { readonly now: Date },
): Promise<IssuedKey> {
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
      networks: [...networks],
      origins: [...origins],
      expires_at: expiresAt,
      created_at: now,
      updated_at: now,
    })
    .returning('slug')
    .executeTakeFirstOrThrow()
  return { id, publicId: `key_${slug}`, secret }
}
