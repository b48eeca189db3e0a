import { v7 } from 'uuid'

import type { Database } from '../../src/database/connect.ts'
import { sealRow } from '../../src/vault/seal-row.ts'
import type { Vault } from '../../src/vault/vault.ts'

const at = new Date('2026-01-01T00:00:00Z')

/** Measurement sets of this account with these names; answers their ids. */
export async function insertSets(
  database: Database,
  vault: Vault,
  owner: string,
  names: readonly string[],
): Promise<string[]> {
  const rows = names.map((name) => {
    const id = v7()
    const values = { name, notes: `Notes on ${name}`, measurements: { chest: 900 } }
    return {
      id,
      account_id: owner,
      ...sealRow(vault, 'measurement_set', { row: id, owner }, values),
      created_at: at,
      updated_at: at,
    }
  })
  await database.kysely.insertInto('measurement_set').values(rows).execute()
  return rows.map(({ id }) => id)
}
