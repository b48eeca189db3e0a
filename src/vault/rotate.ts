import type { Kysely } from 'kysely'

import type { DB } from '../database/tables.generated.ts'
import { forgetKeys } from './forget-keys.ts'
import { type VaultDatabase, openVault, readKeyFile, replaceKeyFile } from './key-file.ts'
import { withFreshKey } from './key-ring.ts'
import { type Resealed, countOthers, isKeyUsed, reseal } from './reseal.ts'
import { rotateAlone } from './rotate-alone.ts'

export interface Rotation {
  /** The fields key that every row is sealed under now, except for those that did not open. */
  readonly keyId: string
  /** resumed: an earlier rotation was cut short and is complete now, without a further key. */
  readonly kind: 'fresh' | 'resumed'
  readonly rows: number
  /** Places of values that did not open; they are left as they were. */
  readonly unopened: readonly string[]
  /** Keys that left the file and the database. */
  readonly forgotten: readonly string[]
}

export interface RotationOptions {
  readonly database: VaultDatabase
  readonly keyFile: string
  readonly onProgress?: (rows: number, total: number) => void
}

/**
 * Seals every row under a fresh fields key, or completes a rotation that was cut short. May stop at any moment and run
 * beside gateways: the key stands in the key file before a row is sealed under it, and gateways take it up from there. The
 * key before it stays in the file, for what a gateway sealed meanwhile and for the last backup; older ones that no row
 * uses leave it.
 * @throws {StartError} when another rotation runs, or when the key file is not the database's own
 */
export async function rotateVault(options: RotationOptions): Promise<Rotation> {
  const { database, keyFile } = options
  return database.kysely.connection().execute((connection) =>
    rotateAlone(connection, async () => {
      const resumed = await resealAll(options, connection)
      if (resumed.rows > 0) return { ...resumed, kind: 'resumed', forgotten: [] }
      await replaceKeyFile(keyFile, withFreshKey(await readKeyFile(keyFile), 'fields'))
      const fresh = await resealAll(options, connection)
      return { ...fresh, kind: 'fresh', forgotten: await forgetUnused(connection, keyFile) }
    }),
  )
}

/** Every row is sealed under the file's key in use, also those that were written while this went on. */
async function resealAll(
  { database, keyFile, onProgress = () => {} }: RotationOptions,
  connection: Kysely<DB>,
): Promise<Pick<Rotation, 'keyId' | 'rows' | 'unopened'>> {
  // Over another connection of the pool: this one is not in a transaction, and records the fingerprints in one.
  const vault = await openVault(database, keyFile)
  const keyId = (await readKeyFile(keyFile)).fields.current
  const total = await countOthers(connection, keyId)
  let seen = 0
  let rows = 0
  const onBatch = (batch: number): void => {
    seen += batch
    onProgress(Math.min(seen, total), total)
  }
  let pass: Resealed
  do {
    pass = await reseal(connection, { vault, keyId, onBatch })
    rows += pass.rows
  } while (pass.missed > 0)
  return { keyId, rows, unopened: pass.unopened }
}

/** The ids of the keys before the last two that no row uses: they are gone from the database, then from the file. */
async function forgetUnused(connection: Kysely<DB>, keyFile: string): Promise<readonly string[]> {
  const { current, keys } = (await readKeyFile(keyFile)).fields
  const older = [...keys.keys()].filter((id) => id !== current).slice(0, -1)
  const unused: string[] = []
  for (const id of older) {
    if (!(await isKeyUsed(connection, id))) unused.push(id)
  }
  await forgetKeys(connection, keyFile, { purpose: 'fields', ids: unused })
  return unused
}
