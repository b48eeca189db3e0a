import { type Kysely, sql } from 'kysely'

import type { DB } from '../database/tables.generated.ts'
import { forgetKeys } from './forget-keys.ts'
import { openVault, readKeyFile, replaceKeyFile, type VaultDatabase } from './key-file.ts'
import { withFreshKey } from './key-ring.ts'
import { rotateAlone } from './rotate-alone.ts'

export interface SessionKeyRotation {
  /** The key that signs from now on. */
  readonly keyId: string
  /** Keys that still verify what they signed. */
  readonly kept: readonly string[]
  /** Keys that left the database and the file. */
  readonly forgotten: readonly string[]
}

export interface SessionKeyRotationOptions {
  readonly database: VaultDatabase
  readonly keyFile: string
  /** How long what a key signed is valid. */
  readonly validSeconds: number
  /** outlived: keys go once nothing is valid that they signed; all: all but the fresh one go at once. */
  readonly forget: 'outlived' | 'all'
}

/**
 * A fresh key signs sessions; gateways that run take it up from the file within a second. May stop at any moment: what it
 * leaves behind goes with a later rotation.
 * @throws {StartError} when another rotation runs, or when the key file is not the database's own
 */
export async function rotateSessionKey(
  options: SessionKeyRotationOptions,
): Promise<SessionKeyRotation> {
  const { database, keyFile } = options
  return database.kysely.connection().execute((connection) =>
    rotateAlone(connection, async () => {
      // Once before the file is changed, for it has to be that of this database; and again, so that it knows the fresh key.
      await openVault(database, keyFile)
      await replaceKeyFile(keyFile, withFreshKey(await readKeyFile(keyFile), 'sessions'))
      await openVault(database, keyFile)
      const { current, keys } = (await readKeyFile(keyFile)).sessions
      const before = [...keys.keys()].filter((id) => id !== current)
      const forgotten =
        options.forget === 'all' ? before : await outlived(connection, before, options.validSeconds)
      await forgetKeys(connection, keyFile, { purpose: 'sessions', ids: forgotten })
      return { keyId: current, kept: before.filter((id) => !forgotten.includes(id)), forgotten }
    }),
  )
}

/** Until every gateway has taken up a fresh key, whatever their clocks say. */
const SLACK_SECONDS = 60

/** Those of the keys, oldest first, of which nothing is valid any more: a later one has been signing for long enough. */
async function outlived(
  connection: Kysely<DB>,
  ids: readonly string[],
  validSeconds: number,
): Promise<readonly string[]> {
  const seconds = validSeconds + SLACK_SECONDS
  const settled = await connection
    .selectFrom('vault_key')
    .select('key_id')
    .where('purpose', '=', 'sessions')
    .where('created_at', '<=', sql<Date>`now() - make_interval(secs => ${seconds})`)
    .execute()
  const settledIds = new Set(settled.map(({ key_id: id }) => id))
  return ids.slice(
    0,
    Math.max(
      0,
      ids.findLastIndex((id) => settledIds.has(id)),
    ),
  )
}
