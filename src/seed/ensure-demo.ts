import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { parseKey } from '../auth/api-key.ts'
import { issueKey } from '../auth/issue-key.ts'
import type { AccessLevel } from '../auth/access.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../database/connect.ts'
import { StartError } from '../errors.ts'
import { replacePrivateFile } from '../vault/private-file.ts'
import type { Vault } from '../vault/vault.ts'
import { DEMO_USERNAME } from './demo-people.ts'
import { seedEmail } from './rows.ts'
import { seed } from './seed.ts'

export interface DemoContext {
  readonly database: Pick<Database, 'kysely'>
  readonly vault: Vault
  readonly clock: Clock
  /** The data folder. */
  readonly data: string
}

export interface Demo {
  /** A working key of the demo account; null where the database has other accounts and no demo account. */
  readonly key: string | null
  /** Where the key is kept, mode 0600. */
  readonly keyFile: string
}

/** Reads all of the demo account, and writes its sets and patterns. */
const DEMO_LEVEL: AccessLevel = 3
const DEMO_KEY_DAYS = 365

/**
 * An empty database holds the demo data, and the data folder a working key of the demo account: the one that was there, or a
 * new one where that is missing, expired, revoked or of another database.
 * @throws {StartError} when the folder can not be read or written
 */
export async function ensureDemo(context: DemoContext): Promise<Demo> {
  const { database, vault, data } = context
  const keyFile = join(data, 'demo-key')
  if (await isEmpty(database)) await seed({ database, vault })
  const accountId = await demoAccountId(context)
  if (accountId === null) return { key: null, keyFile }

  const kept = await readKept(keyFile)
  if (kept !== null && (await isLive(context, accountId, kept))) return { key: kept, keyFile }
  return { key: await makeKey(context, accountId, keyFile), keyFile }
}

/** A key that can not be kept is not made: nobody would know it. */
async function makeKey(context: DemoContext, accountId: string, keyFile: string): Promise<string> {
  const expiresAt = new Date(context.clock().getTime() + DEMO_KEY_DAYS * 86_400_000)
  const demoKey = { accountId, level: DEMO_LEVEL, expiresAt, name: 'Demo key' }
  return context.database.kysely.transaction().execute(async (kysely) => {
    const { secret } = await issueKey({ ...context, database: { kysely } }, demoKey)
    await replacePrivateFile(keyFile, `${secret}\n`).catch((error: unknown) => {
      throw new StartError(
        `The demo key can not be written to ${keyFile}. Set MAAT_DATA to a folder that can be written, or MAAT_DEMO=0.`,
        { cause: error },
      )
    })
    return secret
  })
}

async function isEmpty({ kysely }: Pick<Database, 'kysely'>): Promise<boolean> {
  return (await kysely.selectFrom('account').select('id').limit(1).execute()).length === 0
}

/** Only the seed's own: a person who took the name has another address. */
async function demoAccountId({ database, vault }: DemoContext): Promise<string | null> {
  const account = await database.kysely
    .selectFrom('account')
    .select('id')
    .where('username_key', '=', DEMO_USERNAME)
    .where('label_index', '=', vault.labelIndex(seedEmail(DEMO_USERNAME)))
    .executeTakeFirst()
  return account?.id ?? null
}

/** The key text in the file; null where there is no file, or something else in it. */
async function readKept(path: string): Promise<string | null> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw new StartError(`The demo key in ${path} can not be read. Check the owner of the file.`)
  })
  return parseKey(text.trim()).kind === 'key' ? text.trim() : null
}

async function isLive(
  { database, vault, clock }: DemoContext,
  accountId: string,
  key: string,
): Promise<boolean> {
  const found = await database.kysely
    .selectFrom('api_key')
    .select('id')
    .where('digest', '=', vault.pepper.digest(key))
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', clock())
    .executeTakeFirst()
  return found !== undefined
}
