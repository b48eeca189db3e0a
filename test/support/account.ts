import type { Insertable } from 'kysely'
import { v7 } from 'uuid'
import type { Database } from '../../src/database/connect.ts'
import type { Account } from '../../src/database/tables.generated.ts'
import { sealRow } from '../../src/vault/seal-row.ts'
import { normalizeLabel, type Vault } from '../../src/vault/vault.ts'

/** An account as given, otherwise an active user who consented to everything. Returns its id. */
export async function insertAccount(
  database: Pick<Database, 'kysely'>,
  vault: Vault,
  over: Partial<Insertable<Account>> = {},
): Promise<string> {
  const id = v7()
  const username = over.username ?? `u-${id}`
  const now = new Date()
  await database.kysely
    .insertInto('account')
    .values({
      id,
      username,
      username_key: normalizeLabel(username),
      ...sealRow(vault, 'account', { row: id, owner: id }, { email: `${username}@example.test` }),
      status: 'active',
      consent: 'measurements',
      created_at: now,
      updated_at: now,
      ...over,
    })
    .execute()
  return id
}
