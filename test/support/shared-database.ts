import { join } from 'node:path'
import { issueKey } from '../../src/auth/issue-key.ts'
import { systemClock } from '../../src/clock.ts'
import { formatId } from '../../src/ids.ts'
import { createKeyFile, openVault } from '../../src/vault/key-file.ts'
import type { Vault } from '../../src/vault/vault.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { type TestDatabase, testDatabase } from './test-database.ts'

export interface SharedDatabase {
  readonly database: TestDatabase
  readonly vault: Vault
  readonly clock: () => Date
  /** A data folder for all of them, gone at the end. */
  readonly folder: string
  /** What gateways on this database are started with. */
  readonly env: Readonly<Record<'DATABASE_URL' | 'MAAT_DATA' | 'MAAT_KEYS' | 'MAAT_DEMO', string>>
  /** A key of this account, for a day: its text, and its id as clients see it. */
  readonly keyOf: (accountId: string) => Promise<{ readonly secret: string; readonly id: string }>
}

/** An empty database with keys to seal it, for gateways that are processes of their own. */
export async function sharedDatabase(): Promise<SharedDatabase> {
  const database = await testDatabase()
  const folder = await temporaryFolder()
  const keys = join(folder, 'keys.json')
  await createKeyFile(keys)
  const vault = await openVault(database, keys)
  return {
    database,
    vault,
    clock: systemClock,
    folder,
    env: { DATABASE_URL: database.url, MAAT_DATA: folder, MAAT_KEYS: keys, MAAT_DEMO: '0' },
    async keyOf(accountId) {
      const expiresAt = new Date(Date.now() + 86_400_000)
      const issued = await issueKey(
        { database, vault, clock: systemClock },
        { accountId, level: 4, expiresAt, name: 'test' },
      )
      return { secret: issued.secret, id: formatId('key', issued.id) }
    },
  }
}

interface Reply {
  readonly data?: Readonly<Record<string, Readonly<Record<string, unknown>> | null>> | null
  readonly errors?: readonly {
    readonly extensions: { readonly code: string; readonly partition?: string }
  }[]
  readonly extensions?: { readonly notice?: readonly { readonly step: string }[] }
}

export interface Told {
  readonly status: number
  readonly data: NonNullable<Reply['data']> | null
  /** Of the first error; null: there is none. */
  readonly code: string | null
  /** The budget that it tells of. */
  readonly partition: string | null
  /** Steps of the ladder that the answer tells of. */
  readonly notices: readonly string[]
}

/** What a gateway answers to a document, with a key or an access token where one is given. */
export async function ask(
  { origin }: { readonly origin: string },
  credential: string | null,
  query: string,
  variables = {},
): Promise<Told> {
  const answer = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      ...(credential === null ? {} : { authorization: `Bearer ${credential}` }),
    },
    body: JSON.stringify({ query, variables }),
  })
  const { data = null, errors = [], extensions = {} } = (await answer.json()) as Reply
  const { code = null, partition = null } = errors[0]?.extensions ?? {}
  const notices = (extensions.notice ?? []).map(({ step }) => step)
  return { status: answer.status, data, code, partition, notices }
}
