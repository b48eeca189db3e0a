import type { Kysely } from 'kysely'

import type { DB } from '../database/tables.generated.ts'
import { readKeyFile, replaceKeyFile } from './key-file.ts'
import { type Purpose, withoutKeys } from './key-ring.ts'

export interface KeysOfPurpose {
  readonly purpose: Purpose
  readonly ids: readonly string[]
}

/** These keys are gone from the database, then from the file. For use within a rotation; the key in use is none of them. */
export async function forgetKeys(
  connection: Kysely<DB>,
  keyFile: string,
  { purpose, ids }: KeysOfPurpose,
): Promise<void> {
  if (ids.length === 0) return
  // First the database: a file that lacks a key which the database knows would stop every start.
  await connection
    .deleteFrom('vault_key')
    .where('purpose', '=', purpose)
    .where('key_id', 'in', ids)
    .execute()
  await replaceKeyFile(keyFile, withoutKeys(await readKeyFile(keyFile), purpose, new Set(ids)))
}
